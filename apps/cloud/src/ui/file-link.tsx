import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { MouseEvent, ReactNode } from 'react';
import { apiHref, readFile } from '../lib/api.ts';
import { saveFile } from '../lib/save-file.ts';
import { holdsTokens } from '../lib/tokens.ts';
import { FailureNote } from './failure-note.tsx';

type FileLinkProps = {
  readonly path: string;
  /** What the file is called, where the server's own name for it can't be read. */
  readonly name: string;
  readonly label: string;
  readonly children: ReactNode;
};

/** Saves what the API answers as a file. The browser fetches it itself, unless it takes a token, which a link can't carry. */
export function FileLink({ path, name, label, children }: FileLinkProps) {
  const reading = useMutation({
    mutationFn: () => readFile(path),
    onSuccess: (file) => {
      saveFile(file.content, file.name ?? name);
    },
  });
  const onClick = (event: MouseEvent) => {
    if (!holdsTokens()) return;
    event.preventDefault();
    if (!reading.isPending) reading.mutate();
  };
  return (
    <>
      <Button
        component="a"
        download
        variant="default"
        className="button-small"
        aria-label={label}
        href={apiHref(path)}
        onClick={onClick}
      >
        {children}
      </Button>
      {reading.isError && <FailureNote error={reading.error} />}
    </>
  );
}
