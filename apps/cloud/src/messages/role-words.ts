import type { CompanyRole, CompanyStatus, ProjectRole, ProjectStatus } from '@gatehouse/contract';

export const companyRole: Record<CompanyRole, string> = { admin: 'Administrator', user: 'Member' };
export const companyStatus: Record<CompanyStatus, string> = {
  pending: 'Not active yet',
  active: 'Active',
  suspended: 'Suspended',
};
export const projectRole: Record<ProjectRole, string> = {
  viewer: 'Viewer',
  editor: 'Editor',
  admin: 'Administrator',
};
export const projectStatus: Record<ProjectStatus, string> = {
  active: 'Active',
  read_only: 'Read only',
  disabled: 'Disabled',
};
