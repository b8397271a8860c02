import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { AuditRoute } from './audit-route.tsx';
import { readTrailWish } from '../features/audit/trail-wish.ts';
import { LandingRoute } from './landing-route.tsx';
import {
  AccessRoute,
  InvitationsRoute,
  MembersRoute,
  ProjectRoute,
  ProjectsRoute,
  RequestsRoute,
} from './company-routes.tsx';
import { tokens } from '../lib/tokens.ts';
import { NotFound } from './not-found.tsx';
import {
  ForgotPasswordRoute,
  RegisterRoute,
  ResetPasswordRoute,
  VerifyEmailRoute,
} from './password-routes.tsx';
import { ProveEmailRoute } from './prove-email-route.tsx';
import { SecurityRoute } from './security-route.tsx';
import { SessionsRoute } from './sessions-route.tsx';
import { SignInRoute } from './sign-in-route.tsx';
import { Start } from './start.tsx';

type Search = Record<string, unknown>;
type SignInSearch = {
  returnTo?: string;
  switch?: '1';
  signedOut?: '1';
  passwordSet?: '1';
  invitation?: string;
};

const id = /^[0-9a-f-]{36}$/;

const root = createRootRoute({
  notFoundComponent: NotFound,
  // A page begins with a token that lasts. Without one, what the page asks for tells what is the matter.
  beforeLoad: () => tokens.current().catch(() => undefined),
});

const start = createRoute({ getParentRoute: () => root, path: '/', component: Start });
/** The same for where `/` is the application's. */
const account = createRoute({ getParentRoute: () => root, path: '/account', component: Start });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: SignInRoute,
  validateSearch: (search: Record<string, unknown>): SignInSearch => ({
    ...(typeof search['returnTo'] === 'string' && { returnTo: search['returnTo'] }),
    ...(search['switch'] === '1' && { switch: '1' }),
    ...(search['signedOut'] === '1' && { signedOut: '1' }),
    ...(search['passwordSet'] === '1' && { passwordSet: '1' }),
    ...(id.test(asText(search['invitation'])) && { invitation: asText(search['invitation']) }),
  }),
});

const sessions = createRoute({
  getParentRoute: () => root,
  path: '/account/sessions',
  component: SessionsRoute,
});

const security = createRoute({
  getParentRoute: () => root,
  path: '/account/security',
  component: SecurityRoute,
  validateSearch: (search: Search): { linked?: string } => text(search, 'linked'),
});

const register = createRoute({ getParentRoute: () => root, path: '/register', component: RegisterRoute });

/** The next three are opened from mails, or lead to one. */
const verifyEmail = createRoute({
  getParentRoute: () => root,
  path: '/verify-email',
  component: VerifyEmailRoute,
});

const forgotPassword = createRoute({
  getParentRoute: () => root,
  path: '/forgot-password',
  component: ForgotPasswordRoute,
});

const resetPassword = createRoute({
  getParentRoute: () => root,
  path: '/reset-password',
  component: ResetPasswordRoute,
});

const members = createRoute({
  getParentRoute: () => root,
  path: '/companies/$slug/members',
  component: MembersRoute,
  validateSearch: (search: Search): { query?: string; role?: string; project?: string } => ({
    ...text(search, 'query'),
    ...text(search, 'role'),
    ...text(search, 'project'),
  }),
});

const invitations = createRoute({
  getParentRoute: () => root,
  path: '/companies/$slug/invitations',
  component: InvitationsRoute,
  validateSearch: (search: Search): { query?: string; status?: string } => ({
    ...text(search, 'query'),
    ...text(search, 'status'),
  }),
});

const requests = createRoute({
  getParentRoute: () => root,
  path: '/companies/$slug/requests',
  component: RequestsRoute,
  validateSearch: (search: Search): { status?: string } => text(search, 'status'),
});

const projects = createRoute({
  getParentRoute: () => root,
  path: '/companies/$slug/projects',
  component: ProjectsRoute,
  validateSearch: (search: Search): { query?: string } => text(search, 'query'),
});

const project = createRoute({
  getParentRoute: () => root,
  path: '/companies/$slug/projects/$project',
  component: ProjectRoute,
  validateSearch: (search: Search): { query?: string } => text(search, 'query'),
});

const access = createRoute({
  getParentRoute: () => root,
  path: '/companies/$slug/access',
  component: AccessRoute,
  validateSearch: (search: Search): { query?: string; projects?: string } => ({
    ...text(search, 'query'),
    ...text(search, 'projects'),
  }),
});

const audit = createRoute({
  getParentRoute: () => root,
  path: '/companies/$slug/audit',
  component: AuditRoute,
  validateSearch: readTrailWish,
});

/** Opened from a mail, or from a link that somebody passed on. */
const landing = createRoute({
  getParentRoute: () => root,
  path: '/invitations/$id',
  component: LandingRoute,
  validateSearch: (search: Search): { switch?: '1' } => (search['switch'] === '1' ? { switch: '1' } : {}),
});

const proveEmail = createRoute({
  getParentRoute: () => root,
  path: '/prove-email',
  component: ProveEmailRoute,
});

const companyPages = [members, invitations, requests, projects, project, access, audit];

const ownPages = [start, account, sessions, security, proveEmail];
const doorPages = [signIn, register, verifyEmail, forgotPassword, resetPassword, landing];

const routeTree = root.addChildren([...ownPages, ...doorPages, ...companyPages]);

const asText = (value: unknown) => (typeof value === 'string' ? value : '');

/** What is there is taken along; what is empty isn't. */
function text<Name extends string>(search: Search, name: Name): { [name in Name]?: string } {
  const value = asText(search[name]);
  // A computed name is known to the compiler as any text.
  return value === '' ? {} : ({ [name]: value } as { [name in Name]?: string });
}

/** The pages below `base`. Search parameters stay plain text: what another page links to is never read as JSON. */
export function createPages(base: string) {
  const pages = createRouter({
    routeTree,
    basepath: base,
    parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
    stringifySearch: (search) => {
      const plain = new URLSearchParams(Object.entries(search).map(([name, value]) => [name, asText(value)]));
      return plain.size > 0 ? `?${plain.toString()}` : '';
    },
  });
  pages.subscribe('onResolved', ({ fromLocation, pathChanged }) => {
    // What is new on the page is where the keyboard goes on and a screen reader reads.
    if (fromLocation && pathChanged) document.querySelector<HTMLElement>('main')?.focus();
  });
  return pages;
}

declare module '@tanstack/react-router' {
  // Declaration merging is how the router learns the types of its routes.
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions
  interface Register {
    router: ReturnType<typeof createPages>;
  }
}
