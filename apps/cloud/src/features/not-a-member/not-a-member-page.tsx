import { Button } from '@mantine/core';
import type { MeAnswer } from '@gatehouse/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { usePageTitle } from '../../lib/hooks.ts';
import { meQuery } from '../../lib/queries.ts';
import { useSignOut } from '../../lib/use-sign-out.ts';
import { en } from '../../messages/en.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import './not-a-member.css';

function Address({ email }: { readonly email: string | null }) {
  return (
    <section className="stack stack-close" aria-labelledby="address">
      <h2 id="address">{email ? en.notMember.invite : en.notMember.noAddressTitle}</h2>
      <p>{email ? en.notMember.inviteLead : en.notMember.noAddressLead}</p>
      {email ? (
        <div className="address">
          <strong className="mono">{email}</strong>
          <CopyButton text={email} label={en.notMember.copyAddress} />
        </div>
      ) : (
        <p>{en.notMember.noAddressSteps}</p>
      )}
    </section>
  );
}

function CheckAgain() {
  const { refetch, isFetching } = useQuery(meQuery);
  const [hasChecked, setHasChecked] = useState(false);
  const check = async () => {
    await refetch();
    setHasChecked(true);
  };
  return (
    <>
      <Button
        onClick={() => {
          if (!isFetching) void check();
        }}
      >
        {isFetching ? en.notMember.checking : en.notMember.again}
      </Button>
      <p role="status" className="soft small checked">
        {hasChecked && !isFetching && en.notMember.stillNot}
      </p>
    </>
  );
}

function Switch() {
  const signOut = useSignOut();
  return (
    <section className="stack stack-close" aria-labelledby="switch">
      <h2 id="switch">{en.notMember.switchTitle}</h2>
      <p>{en.notMember.switchLead}</p>
      {signOut.isError && (
        <p role="alert" className="note note-brick">
          {en.account.signOutFailed}
        </p>
      )}
      <div className="buttons switch-button">
        <Button
          variant="default"
          onClick={() => {
            if (!signOut.isPending) signOut.mutate({ to: 'switch-account' });
          }}
        >
          {en.account.switch}
        </Button>
      </div>
    </section>
  );
}

/** For someone who proved who they are and belongs nowhere yet: what that means, and the ways on. They stay signed in. */
export function NotAMemberPage({ me }: { readonly me: MeAnswer }) {
  const { displayName, email } = me.user;
  usePageTitle(en.notMember.title);
  return (
    <div className="threshold-card wide">
      <div className="stack stack-close">
        <h1>{en.notMember.title}</h1>
        <p>{en.notMember.lead(email ?? displayName)}</p>
      </div>
      <Address email={email} />
      <div className="buttons check-again">
        <CheckAgain />
      </div>
      <Switch />
    </div>
  );
}
