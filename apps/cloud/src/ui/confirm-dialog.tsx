import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { en } from '../messages/en.ts';
import { Dialog } from './dialog.tsx';
import { FailureNote } from './failure-note.tsx';

type ConfirmProps = {
  readonly title: string;
  /** The button that does it, and what it says meanwhile. */
  readonly does: string;
  readonly doing?: string;
  /** How far it is; absent where it is done somewhere else, once this is closed. */
  readonly progress?: { readonly isPending: boolean; readonly isError: boolean; readonly error: unknown };
  readonly keeps?: string;
  readonly onConfirmed: () => void;
  readonly onClose: () => void;
  /** What it means. */
  readonly children: ReactNode;
};

/** Asked before something is done. While it is being done the dialog stays, and it stays where that fails. */
export function ConfirmDialog({ title, does, onConfirmed, onClose, children, ...rest }: ConfirmProps) {
  const { doing = does, keeps = en.list.cancel, progress } = rest;
  const isDoing = progress?.isPending === true;
  return (
    <Dialog
      title={title}
      onClose={() => {
        if (!isDoing) onClose();
      }}
    >
      {children}
      {progress?.isError === true && <FailureNote error={progress.error} />}
      <div className="buttons">
        <Button
          onClick={() => {
            if (!isDoing) onConfirmed();
          }}
        >
          {isDoing ? doing : does}
        </Button>
        <Button variant="default" data-first onClick={onClose}>
          {keeps}
        </Button>
      </div>
    </Dialog>
  );
}
