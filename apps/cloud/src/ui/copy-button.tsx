import { Button, VisuallyHidden } from '@mantine/core';
import { useEffect, useState } from 'react';
import { en } from '../messages/en.ts';
import { CheckIcon, CopyIcon } from './icons.tsx';

type CopyButtonProps = {
  readonly text: string;
  /** What it copies, for those who hear the button without its surroundings. */
  readonly label: string;
  /** What stands on it, where that is more than `Copy`; the label begins with it. */
  readonly words?: string;
  readonly className?: string;
};

const shownMs = 4_000;

/** Copies a text and says so, aloud too. Where the browser refuses, it says what to do instead. */
export function CopyButton({ text, label, words = en.copy, className = '' }: CopyButtonProps) {
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
        className={className}
        aria-label={label}
        leftSection={isCopied ? <CheckIcon /> : <CopyIcon />}
        onClick={() => void copy()}
      >
        {isCopied ? en.copied : words}
      </Button>
      <span role="status" className="copy-refused">
        {isCopied && <VisuallyHidden>{en.copied}</VisuallyHidden>}
        {outcome === 'refused' && en.copyFailed}
      </span>
    </div>
  );
}
