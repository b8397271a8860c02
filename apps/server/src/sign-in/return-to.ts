import { AppError } from '../kernel/errors.ts';

const maxLength = 2048;
const forbidden = /[\\\u0000-\u001f\u007f]/;

/**
 * A path of this origin to go to after sign-in: one leading slash, then neither slash nor backslash; no backslash or
 * control character, raw or percent-encoded however often; not below /auth/ or /api/; at most 2048 characters. `/`
 * where none is given. Returned as a browser would spell it, fit for a `Location`.
 * @throws AppError `return_to_invalid`
 */
export function parseReturnTo(text: string | undefined): string {
  if (text === undefined || text === '') return '/';
  const path = returnToIfAllowed(text);
  if (path === undefined) throw new AppError('return_to_invalid');
  return path;
}

/** The same for an address that somebody happened to ask for; undefined where nobody is sent back to it. */
export function returnToIfAllowed(text: string): string | undefined {
  return text.length > maxLength ? undefined : safePath(text);
}

/** The same once more at the moment of use, since the path was stored meanwhile; whoever is signed in goes to `/`. */
export function returnToOrHome(stored: string): string {
  return safePath(stored) ?? '/';
}

function safePath(text: string): string | undefined {
  if (!/^\/(?!\/)/.test(text) || forbidden.test(decodeFully(text))) return undefined;
  const origin = 'http://origin.invalid';
  const url = URL.parse(text, origin);
  if (url?.origin !== origin) return undefined;
  const isReserved = [url.pathname, decodeFully(url.pathname)].some((path) =>
    /^\/(?:\/|(?:auth|api)\/)/i.test(path),
  );
  return isReserved ? undefined : `${url.pathname}${url.search}${url.hash}`;
}

/** Decodes ASCII escapes until nothing changes: what a later decoder would see must be clean too. */
function decodeFully(text: string): string {
  const decoded = text.replaceAll(/%([0-7][0-9a-f])/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return decoded === text ? decoded : decodeFully(decoded);
}
