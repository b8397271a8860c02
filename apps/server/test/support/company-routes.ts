import type { Position } from './furnished-company.ts';

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

export const company = '/api/v1/companies/:slug';
export const project = `${company}/projects/:project`;

export type Route = {
  readonly method: Method;
  readonly path: string;
  readonly body?: object;
  /** Who is let through in an active company. */
  readonly open: readonly Position[];
  /** Whether administrators may use it before the company is active. */
  readonly whilePending: boolean;
  readonly succeeds: number;
};

const everyMember: readonly Position[] = ['member', 'viewer', 'editor', 'lead', 'admin'];
const inTheProject: readonly Position[] = ['viewer', 'editor', 'lead', 'admin'];
const leading: readonly Position[] = ['lead', 'admin'];
const admin: readonly Position[] = ['admin'];

type Rule = Omit<Route, 'method' | 'path'>;
const route = (method: Method, path: string, rule: Rule): Route => ({ method, path, ...rule });

const newInvitation = { emails: ['new@acme.example'], grants: [] };
const newGuest = { email: 'guest@acme.example', role: 'viewer' };
const newProject = { slug: 'brand-new', name: 'New' };
const preparing = { whilePending: true, succeeds: 200 };
const working = { whilePending: false, succeeds: 200 };

/** Every route of a company, and who may use it: the table that the server is held against. */
export const routes: readonly Route[] = [
  route('GET', `${company}/members`, { ...preparing, open: everyMember }),
  route('PATCH', `${company}/members/:target`, { ...preparing, open: admin, body: { role: 'user' } }),
  route('DELETE', `${company}/members/:leaver`, { ...preparing, open: admin, succeeds: 204 }),
  route('GET', `${company}/invitations`, { ...preparing, open: admin }),
  route('POST', `${company}/invitations`, { ...preparing, open: admin, body: newInvitation }),
  route('POST', `${company}/invitations/:invitation/revoke`, { ...preparing, open: admin }),
  route('POST', `${company}/invitations/:invitation/resend`, { ...preparing, open: admin }),
  route('GET', `${company}/join-requests`, { ...working, open: admin }),
  route('POST', `${company}/join-requests/:joinRequest/approve`, { ...working, open: admin, body: {} }),
  route('POST', `${company}/join-requests/:otherRequest/decline`, { ...working, open: admin }),
  route('GET', `${company}/projects`, { ...working, open: everyMember }),
  route('POST', `${company}/projects`, { ...working, open: admin, body: newProject, succeeds: 201 }),
  route('PATCH', project, { ...working, open: leading, body: { name: 'Other' } }),
  route('GET', `${project}/members`, { ...working, open: inTheProject }),
  route('PUT', `${project}/members/:target`, { ...working, open: leading, body: { role: 'viewer' } }),
  route('GET', `${company}/audit`, { ...working, open: admin }),
  route('POST', `${project}/invitations`, { ...working, open: leading, body: newGuest }),
  route('DELETE', `${project}/members/:target`, { ...working, open: leading, succeeds: 204 }),
];

/** The one that people who are no members use. */
export const forAnybody = [`POST ${company}/join-requests`];
