import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { usePageTitle } from '../lib/hooks.ts';

type SentProps = {
  readonly title: string;
  /** What was done, if there was anything to do: nobody is told more. */
  readonly sentences: readonly string[];
  /** The ways on. */
  readonly children: ReactNode;
};

/** Sends its reader to their mailbox; the same for everybody. */
export function SentMail({ title, sentences, children }: SentProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  usePageTitle(title);
  useEffect(() => {
    heading.current?.focus();
  }, []);
  return (
    <div className="threshold-card">
      <div className="stack">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {sentences.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </div>
      <div className="buttons">{children}</div>
    </div>
  );
}
