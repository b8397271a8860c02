import { VisuallyHidden } from '@mantine/core';
import type { CompanyStatus, ProjectStatus } from '@gatehouse/contract';
import { en } from '../messages/en.ts';
import './badge.css';

/** The word itself is what is read; colour and dot only help the eye find it. */
export function StatusBadge({
  status,
  words,
}: {
  readonly status: CompanyStatus | ProjectStatus;
  readonly words: string;
}) {
  return (
    <span className="badge badge-status" data-status={status}>
      <VisuallyHidden>{en.home.statusLabel} </VisuallyHidden>
      {words}
    </span>
  );
}
