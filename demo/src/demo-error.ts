/** Why the demo cannot start; the message is written for the person at the terminal. */
export class DemoError extends Error {
  override name = 'DemoError';
}

export function isPortTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
