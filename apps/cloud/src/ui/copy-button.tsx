import { Button, VisuallyHidden } from '@mantine/core';
import { useEffect, useState } from 'react';
import { en } from '../messages/en.ts';
import { CheckIcon, CopyIcon } from './icons.tsx';

type CopyButtonProps = {
  readonly text: string;
  /** What it copies, for those who hear the button without its surroundings. */
  readonly label: string;
};

const shownMs = 4_000;

/** Copies a text and says so, aloud too. Where the browser refuses, it says what to do instead. */
export function CopyButton({ text, label }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'copied' | 'refused'>();
  useEffect(() => {
    if (!outcome) return;
    const waiting = setTimeout(() => {
      setOutcome(undefined);
    }, shownMs);
    return () => {
      clearTimeout(waiting);
    };
  }, [outcome]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome('copied');
    } catch {
      // No permission, or a page without https: the clipboard doesn't exist there.
      setOutcome('refused');
    }
  };
  const isCopied = outcome === 'copied';
  return (
    <div className="copy">
      <Button
        variant="default"
        aria-label={label}
        leftSection={isCopied ? <CheckIcon /> : <CopyIcon />}
        onClick={() => void copy()}
      >
        {isCopied ? en.copied : en.copy}
      </Button>
      <span role="status" className="copy-refused">
        {isCopied && <VisuallyHidden>{en.copied}</VisuallyHidden>}
        {outcome === 'refused' && en.copyFailed}
      </span>
    </div>
  );
}
