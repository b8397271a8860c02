import { pageHref } from './pages.ts';
import { isReturnPath } from './return-path.ts';

/** Somebody who comes back from a provider with a token in the address. */
export type Arrival = {
  readonly token: string;
  /** What the address becomes at once. */
  readonly address: string;
  /** Where to go on to by loading it, if that is a page of an application that shares the origin. */
  readonly onwards: string | undefined;
};

/** The server sends people here from any sign-in that hands out tokens, wherever the other pages are. */
const callbackPath = '/auth/callback';

/** Nothing where there is no token in the address. */
export function readArrival(
  { pathname, search }: Pick<Location, 'pathname' | 'search'>,
  base: string,
): Arrival | undefined {
  const query = new URLSearchParams(search);
  const token = query.get('token');
  if (pathname !== callbackPath || !token) return undefined;
  const wish = query.get('returnTo') ?? '';
  const returnTo = isReturnPath(wish) ? wish : undefined;
  if (base === '/') return { token, address: returnTo ?? '/', onwards: undefined };
  return { token, address: pageHref(base, { to: 'start' }), onwards: returnTo };
}
