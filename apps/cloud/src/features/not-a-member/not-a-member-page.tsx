import { Button } from '@mantine/core';
import type { MeAnswer } from '@gatehouse/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { usePageTitle } from '../../lib/hooks.ts';
import { loginLink } from '../../lib/login-link.ts';
import { usePageHref } from '../../lib/page-context.ts';
import { brandOf } from '../../lib/provider-names.ts';
import { meQuery } from '../../lib/queries.ts';
import { useSignOut } from '../../lib/use-sign-out.ts';
import { useSignedInWith } from '../../lib/use-signed-in-with.ts';
import { en } from '../../messages/en.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import './not-a-member.css';

function Address({ email }: { readonly email: string }) {
  return (
    <section className="stack stack-close" aria-labelledby="address">
      <h2 id="address">{en.notMember.invite}</h2>
      <p>{en.notMember.inviteLead}</p>
      <div className="address">
        <strong className="mono">{email}</strong>
        <CopyButton text={email} label={en.notMember.copyAddress} />
      </div>
    </section>
  );
}

/** Only another sign-in can bring an address: the provider is asked for it then, and at no other time. */
function NoAddress({ me }: { readonly me: MeAnswer }) {
  const { id, name, loginUrl } = useSignedInWith(me);
  const signInPage = usePageHref()({ to: 'sign-in' });
  const again = loginUrl && loginLink(loginUrl, { switchAccount: false });
  const isDirectory = brandOf(id) === 'microsoft';
  return (
    <>
      <section className="stack stack-close" aria-labelledby="address">
        <h2 id="address">{en.notMember.noAddressTitle}</h2>
        <p>{en.notMember.noAddressLead(name)}</p>
        <p>{isDirectory ? en.notMember.noAddressDirectory : en.notMember.noAddressSteps(name)}</p>
      </section>
      <div className="buttons ways-on">
        <Button component="a" href={again ?? signInPage}>
          {en.notMember.signInAgain}
        </Button>
      </div>
    </>
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
      {email ? (
        <>
          <Address email={email} />
          <div className="buttons ways-on">
            <CheckAgain />
          </div>
        </>
      ) : (
        <NoAddress me={me} />
      )}
      <Switch />
    </div>
  );
}
