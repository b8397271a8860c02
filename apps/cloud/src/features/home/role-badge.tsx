import { VisuallyHidden } from '@mantine/core';
import { en } from '../../messages/en.ts';
import '../../ui/badge.css';

export function RoleBadge({ words }: { readonly words: string }) {
  return (
    <span className="badge badge-role">
      <VisuallyHidden>{en.home.roleLabel} </VisuallyHidden>
      {words}
    </span>
  );
}
