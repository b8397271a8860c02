/** The token in the fragment of an address, which the link of a mail brought and no server was told. */
export function tokenIn(fragment: string): string | undefined {
  const token = new URLSearchParams(fragment.replace(/^#/, '')).get('token');
  return token !== null && /^[\w.~-]{1,256}$/.test(token) ? token : undefined;
}
