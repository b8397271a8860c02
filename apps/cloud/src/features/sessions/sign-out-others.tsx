import { Button } from '@mantine/core';
import { useId, useRef } from 'react';
import { en } from '../../messages/en.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import { useEnding } from './use-ending.ts';

type OthersProps = {
  readonly count: number;
  /** Told in words once they are signed out. */
  readonly onEnded: (outcome: string) => void;
};

/** Ends every other session, once that is confirmed. */
export function SignOutOthers({ count, onEnded }: OthersProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const keep = useRef<HTMLButtonElement>(null);
  const [title, text] = [useId(), useId()];
  const ending = useEnding('others', () => {
    dialog.current?.close();
    onEnded(en.sessions.othersSignedOut);
  });
  return (
    <>
      <Button
        variant="default"
        aria-haspopup="dialog"
        onClick={() => {
          ending.reset();
          dialog.current?.showModal();
          keep.current?.focus(); // the answer that changes nothing
        }}
      >
        {en.sessions.signOutOthers}
      </Button>
      <dialog ref={dialog} className="sure" aria-labelledby={title} aria-describedby={text}>
        <div className="stack">
          <h2 id={title}>{en.sessions.sureTitle(count)}</h2>
          <p id={text}>{en.sessions.sure}</p>
          {ending.isError && <FailureNote error={ending.error} />}
          <div className="buttons">
            <Button
              onClick={() => {
                if (!ending.isPending) ending.mutate();
              }}
            >
              {ending.isPending ? en.sessions.signingOut : en.sessions.reallySignOut(count)}
            </Button>
            <Button variant="default" ref={keep} onClick={() => dialog.current?.close()}>
              {en.sessions.keep}
            </Button>
          </div>
        </div>
      </dialog>
    </>
  );
}
