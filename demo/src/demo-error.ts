/** Why the demo cannot start; the message is written for the person at the terminal. */
export class DemoError extends Error {
  override name = 'DemoError';
}

export function isPortTaken(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // The server names the variable first, and tells why as its cause.
  return ('code' in error && error.code === 'EADDRINUSE') || isPortTaken(error.cause);
}
