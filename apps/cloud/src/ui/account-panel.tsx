import { Button } from '@mantine/core';
import type { MeAnswer } from '@gatehouse/contract';
import { useEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { usePageHref } from '../lib/page-context.ts';
import { useSignOut } from '../lib/use-sign-out.ts';
import { en } from '../messages/en.ts';
import './account-panel.css';
import { ChevronIcon } from './icons.tsx';
import { SessionWords } from './session-words.tsx';

type AccountProps = {
  readonly me: MeAnswer;
  /** How this deployment knows people: in `local` nobody signs in, so nobody signs out. */
  readonly mode: 'local' | 'sso';
};

/** Closes on Escape, giving the focus back to the button, and when the focus or a click goes elsewhere. */
function useDismissal(box: RefObject<HTMLDivElement | null>, close: (() => void) | undefined) {
  useEffect(() => {
    if (!close) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      close();
      box.current?.querySelector('button')?.focus();
    };
    const onElsewhere = (event: Event) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) close();
    };
    document.addEventListener('keydown', onKey);
    document.addEventListener('pointerdown', onElsewhere);
    document.addEventListener('focusin', onElsewhere);
    return () => {
      document.removeEventListener('keydown', onKey);
      document.removeEventListener('pointerdown', onElsewhere);
      document.removeEventListener('focusin', onElsewhere);
    };
  }, [box, close]);
}

function Leave() {
  const signOut = useSignOut();
  const isBusy = signOut.isPending || signOut.isSuccess;
  return (
    <>
      {signOut.isError && (
        <p role="alert" className="account-failure">
          {en.account.signOutFailed}
        </p>
      )}
      <div className="buttons">
        <Button
          variant="default"
          onClick={() => {
            if (!isBusy) signOut.mutate({ to: 'signed-out' });
          }}
        >
          {isBusy ? en.account.signingOut : en.account.signOut}
        </Button>
        <Button
          variant="subtle"
          onClick={() => {
            if (!isBusy) signOut.mutate({ to: 'switch-account' });
          }}
        >
          {en.account.switch}
        </Button>
      </div>
    </>
  );
}

/** Who is signed in, in the corner of every page; opened, until when, and the way out. */
export function AccountPanel({ me, mode }: AccountProps) {
  const box = useRef<HTMLDivElement>(null);
  const href = usePageHref();
  const [isOpen, setIsOpen] = useState(false);
  const [close] = useState(() => () => {
    setIsOpen(false);
  });
  useDismissal(box, isOpen ? close : undefined);
  return (
    <div className="account" ref={box}>
      <button
        type="button"
        className="account-button"
        aria-expanded={isOpen}
        aria-controls="account-panel"
        aria-label={en.account.open(me.user.displayName)}
        onClick={() => {
          setIsOpen(!isOpen);
        }}
      >
        <span className="account-name">{me.user.displayName}</span>
        <ChevronIcon />
      </button>
      <div id="account-panel" className="account-panel" hidden={!isOpen}>
        <div className="stack stack-close">
          <strong>{me.user.displayName}</strong>
          <span className="soft">{me.user.email ?? en.account.noAddress}</span>
          <SessionWords me={me} mode={mode} />
        </div>
        {mode === 'sso' && (
          <>
            <a href={href({ to: 'security' })}>{en.account.security}</a>
            <a href={href({ to: 'sessions' })}>{en.account.sessions}</a>
            <Leave />
          </>
        )}
      </div>
    </div>
  );
}
