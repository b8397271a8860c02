import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { AuditRoute } from './audit-route.tsx';
import { readTrailWish } from '../features/audit/trail-wish.ts';
import { LandingRoute } from './landing-route.tsx';
import { NotFound } from './not-found.tsx';
import { ProveEmailRoute } from './prove-email-route.tsx';
import { SessionsRoute } from './sessions-route.tsx';
import { SignInRoute } from './sign-in-route.tsx';
import { Start } from './start.tsx';

type SignInSearch = { returnTo?: string; switch?: '1'; signedOut?: '1' };

const root = createRootRoute({ notFoundComponent: NotFound });

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
  }),
});

const sessions = createRoute({
  getParentRoute: () => root,
  path: '/account/sessions',
  component: SessionsRoute,
});

const proveEmail = createRoute({
  getParentRoute: () => root,
  path: '/prove-email',
  component: ProveEmailRoute,
});

const landing = createRoute({
  getParentRoute: () => root,
  path: '/invitations/$id',
  component: LandingRoute,
  validateSearch: (search: Record<string, unknown>): { switch?: '1' } =>
    search['switch'] === '1' ? { switch: '1' } : {},
});

const audit = createRoute({
  getParentRoute: () => root,
  path: '/companies/$slug/audit',
  component: AuditRoute,
  validateSearch: readTrailWish,
});

const routeTree = root.addChildren([start, account, signIn, sessions, proveEmail, landing, audit]);

const asText = (value: unknown) => (typeof value === 'string' ? value : '');

/** The pages below `base`. Search parameters stay plain text: what another page links to is never read as JSON. */
export const createPages = (base: string) =>
  createRouter({
    routeTree,
    basepath: base,
    parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
    stringifySearch: (search) => {
      const plain = new URLSearchParams(Object.entries(search).map(([name, value]) => [name, asText(value)]));
      return plain.size > 0 ? `?${plain.toString()}` : '';
    },
  });

declare module '@tanstack/react-router' {
  // Declaration merging is how the router learns the types of its routes.
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions
  interface Register {
    router: ReturnType<typeof createPages>;
  }
}
