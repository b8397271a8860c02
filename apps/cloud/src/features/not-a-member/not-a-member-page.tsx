import { Button } from '@mantine/core';
import type { MeAnswer } from '@gatehouse/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { usePageTitle } from '../../lib/hooks.ts';
import { loginLink } from '../../lib/login-link.ts';
import { useOwnCompany, usePageHref } from '../../lib/page-context.ts';
import { brandOf } from '../../lib/provider-names.ts';
import { meQuery } from '../../lib/queries.ts';
import { useSignOut } from '../../lib/use-sign-out.ts';
import { useSignedInWith } from '../../lib/use-signed-in-with.ts';
import { en } from '../../messages/en.ts';
import { AskToJoin } from '../../ui/ask-to-join.tsx';
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

/** Whoever's provider vouches for no address proves the mailbox; a few can have it verified where they came from, too. */
function NoAddress({ me }: { readonly me: MeAnswer }) {
  const { id, name, loginUrl } = useSignedInWith(me);
  const href = usePageHref();
  const again = loginUrl && loginLink(loginUrl, { switchAccount: false });
  const isDirectory = brandOf(id) === 'microsoft';
  return (
    <section className="stack" aria-labelledby="address">
      <div className="stack stack-close">
        <h2 id="address">{en.notMember.proveTitle}</h2>
        <p>{en.notMember.proveLead(name)}</p>
      </div>
      <div className="buttons">
        <Button component="a" href={href({ to: 'prove-email' })}>
          {en.notMember.prove}
        </Button>
      </div>
      <p className="soft small">
        {isDirectory ? en.notMember.noAddressDirectory : en.notMember.noAddressSteps(name)}{' '}
        <a href={again ?? href({ to: 'sign-in' })}>{en.notMember.signInAgain}</a>
      </p>
    </section>
  );
}

function CheckAgain({ isMain }: { readonly isMain: boolean }) {
  const { refetch, isFetching } = useQuery(meQuery);
  const [hasChecked, setHasChecked] = useState(false);
  const check = async () => {
    await refetch();
    setHasChecked(true);
  };
  return (
    <>
      <Button
        variant={isMain ? 'filled' : 'default'}
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

function Switch({ mayProve }: { readonly mayProve: boolean }) {
  const href = usePageHref();
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
        {mayProve && (
          <Button component="a" variant="subtle" href={href({ to: 'prove-email' })}>
            {en.notMember.proveOther}
          </Button>
        )}
      </div>
    </section>
  );
}

/** For someone who proved who they are and belongs nowhere yet: what that means, and the ways on. They stay signed in. */
export function NotAMemberPage({ me }: { readonly me: MeAnswer }) {
  const { displayName, email } = me.user;
  const company = useOwnCompany();
  usePageTitle(en.notMember.title);
  return (
    <div className="threshold-card wide">
      <div className="stack stack-close">
        <h1>{en.notMember.title}</h1>
        <p>{en.notMember.lead(email ?? displayName)}</p>
      </div>
      {email ? <Address email={email} /> : <NoAddress me={me} />}
      <div className="buttons ways-on">
        <CheckAgain isMain={email !== null} />
      </div>
      <AskToJoin company={company ? { slug: company, name: company } : undefined} />
      <Switch mayProve={email !== null} />
    </div>
  );
}
