import type { CompanyRole, ProjectRole } from '@gatehouse/contract';

/** What is to be done with everybody selected. */
export type BulkWish =
  | { readonly kind: 'role'; readonly role: CompanyRole }
  | { readonly kind: 'project'; readonly project: string; readonly role: ProjectRole }
  | { readonly kind: 'remove' };
