const longest = 2048;
/** A backslash or a control character, raw or percent-encoded. */
const unsafe = /[\\\u0000-\u001f\u007f]|%5c|%[01][0-9a-f]|%7f/i;

/**
 * Whether the server would take this as `returnTo`: a path of this origin, not one of Gatehouse's own. Asked here only so
 * that a link which is sure to fail isn't drawn; the server decides.
 */
export function isReturnPath(path: string): boolean {
  if (path.length > longest || unsafe.test(path)) return false;
  return /^\/(?!\/)/.test(path) && !/^\/(?:auth|api)(?:[/?#]|$)/.test(path);
}
