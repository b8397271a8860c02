import { secondMs } from '../kernel/clock.ts';

/** The little of a terminal's stream that is needed. */
type Terminal = { readonly isTTY?: boolean; write(text: string): unknown };

/** Where somebody looks on, says after a second that something is going on, and takes it back in the end. */
export async function withProgress<T>(terminal: Terminal, work: Promise<T>): Promise<T> {
  if (terminal.isTTY !== true) return await work;
  const timer = setTimeout(() => {
    terminal.write('Looking at what the configuration names …');
  }, secondMs);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    terminal.write('\r\u001b[K');
  }
}
