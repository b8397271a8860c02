import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { asProblem } from '../lib/api.ts';
import { waitingWords } from '../lib/waiting-words.ts';
import { en } from '../messages/en.ts';
import { FailureNote } from './failure-note.tsx';

type FailureProps = {
  readonly error: unknown;
  /** Where to sign in with another account. */
  readonly switchHref: string;
};

function Note({ children }: { readonly children: ReactNode }) {
  return (
    <div role="alert" className="note note-brick stack">
      {children}
    </div>
  );
}

/** Why a mailbox could not be proven, and what to do instead. */
export function ProofFailure({ error, switchHref }: FailureProps) {
  const { code, retryAfterSeconds } = asProblem(error);
  const otherWay = (label: string) => (
    <div>
      <Button component="a" variant="default" href={switchHref}>
        {label}
      </Button>
    </div>
  );
  if (code === 'rate_limited') return <Note>{waitingWords(retryAfterSeconds)}</Note>;
  if (code === 'link_required') {
    return (
      <Note>
        <p>
          <strong>{en.proof.linkTitle}</strong> {en.proof.link}
        </p>
        {otherWay(en.proof.linkWay)}
      </Note>
    );
  }
  if (code === 'mail_not_configured') {
    return (
      <Note>
        <p>{en.proof.noMail}</p>
        {otherWay(en.proof.noMailWay)}
      </Note>
    );
  }
  return <FailureNote error={error} />;
}
