import { AppError } from '../kernel/errors.ts';

const maxLength = 2048;
const forbidden = /[\\\u0000-\u001f\u007f]/;

/**
 * A path of this origin to go to after sign-in: one leading slash, then neither slash nor backslash; no backslash or
 * control character, raw or percent-encoded however often; not below /auth/ or /api/; at most 2048 characters.
 * @throws AppError `return_to_invalid`
 */
export function parseReturnTo(text: string | undefined): string {
  if (text === undefined || text === '') return '/';
  if (text.length > maxLength || !isSafePath(text)) throw new AppError('return_to_invalid');
  return text;
}

function isSafePath(text: string): boolean {
  if (!/^\/(?!\/)/.test(text) || forbidden.test(decodeFully(text))) return false;
  const origin = 'http://origin.invalid';
  const url = URL.parse(text, origin);
  if (url?.origin !== origin) return false;
  return ![url.pathname, decodeFully(url.pathname)].some((path) => /^\/(?:\/|(?:auth|api)\/)/i.test(path));
}

/** Decodes ASCII escapes until nothing changes: what a later decoder would see must be clean too. */
function decodeFully(text: string): string {
  const decoded = text.replaceAll(/%([0-7][0-9a-f])/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return decoded === text ? decoded : decodeFully(decoded);
}
