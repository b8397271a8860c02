import { Button } from '@mantine/core';
import type { MeAnswer } from '@gatehouse/contract';
import { useEffect, useRef, useState } from 'react';
import { usePageTitle } from '../../lib/hooks.ts';
import { usePageHref } from '../../lib/page-context.ts';
import type { Proven } from '../../lib/use-mailbox-proof.ts';
import { en } from '../../messages/en.ts';
import { MailboxProof } from '../../ui/mailbox-proof.tsx';

function Done({ proven }: { readonly proven: Proven }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const href = usePageHref();
  const { me, email, isOtherAccount } = proven;
  usePageTitle(en.proof.doneTitle);
  useEffect(() => {
    heading.current?.focus();
  }, []);
  return (
    <div className="threshold-card wide">
      <div className="stack stack-close">
        <h1 ref={heading} tabIndex={-1}>
          {en.proof.doneTitle}
        </h1>
        <p>{en.proof.done(email)}</p>
        {isOtherAccount && <p className="note">{en.proof.merged(me.user.displayName)}</p>}
      </div>
      <div>
        <Button component="a" href={href({ to: 'start' })}>
          {en.proof.goOn}
        </Button>
      </div>
    </div>
  );
}

/** For whose provider vouched for no address, or who has one more. */
export function ProveEmailPage({ me }: { readonly me: MeAnswer }) {
  const href = usePageHref();
  const [proven, setProven] = useState<Proven>();
  usePageTitle(en.proof.title);
  if (proven) return <Done proven={proven} />;
  return (
    <div className="threshold-card wide">
      <div className="stack stack-close">
        <h1>{en.proof.title}</h1>
        <p>{en.proof.lead}</p>
        {me.user.email !== null && <p className="soft">{en.proof.already(me.user.email)}</p>}
      </div>
      <MailboxProof switchHref={href({ to: 'switch-account' })} onProven={setProven} />
    </div>
  );
}
