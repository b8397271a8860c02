import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { saveFile } from '../../lib/save-file.ts';
import { en } from '../../messages/en.ts';
import { CopyButton } from '../../ui/copy-button.tsx';

type CodesProps = {
  readonly codes: readonly string[];
  /** Whose they are, for the file. */
  readonly who: string;
  readonly onKept: () => void;
};

/** Shown once, until its reader says that they are kept. */
export function RecoveryCodes({ codes, who, onKept }: CodesProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const words = en.security;
  const text = codes.join('\n');
  useEffect(() => {
    heading.current?.focus();
  }, []);
  return (
    <div className="recovery stack">
      <h3 ref={heading} tabIndex={-1}>
        {words.codesTitle}
      </h3>
      <p>{words.codesLead}</p>
      <ol className="recovery-codes mono">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div className="buttons recovery-buttons">
        <CopyButton text={text} label={words.copyCodes} />
        <Button
          variant="default"
          aria-label={words.downloadLong}
          onClick={() => {
            const file = `${words.fileTitle(who)}\n\n${text}\n`;
            saveFile(new Blob([file], { type: 'text/plain' }), words.file);
          }}
        >
          {words.download}
        </Button>
        <Button
          variant="default"
          aria-label={words.printLong}
          onClick={() => {
            window.print();
          }}
        >
          {words.print}
        </Button>
        <Button onClick={onKept}>{words.kept}</Button>
      </div>
    </div>
  );
}
