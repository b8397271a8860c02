import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/** Passwords that became known somewhere, and that nobody is to choose. */
export type BreachedList = { has(password: string): Promise<boolean> };

export const noBreachedList: BreachedList = { has: () => Promise.resolve(false) };

/** Upper-case hexadecimal digits of a SHA-1, all or the first of them, and a count that nobody reads. */
const lineShape = /^([0-9A-F]{16,40})(?::\d+)?\r?$/;
/** Longer than any line may be, so that a line lies whole in two such pieces. */
const pieceBytes = 128;
const probes = 64;

/**
 * A sorted file of hashes, in which each question is a search by halves: it is never read whole, and a file that is
 * replaced by another counts with the next question.
 * @throws Error at a question where the file cannot be read or is no such list: nothing is let through then
 */
export function openBreachedList(file: string): BreachedList {
  return {
    has: (password) =>
      withFile(file, async (handle, size) => {
        const wanted = createHash('sha1').update(password).digest('hex').toUpperCase();
        let [low, high] = [0, size];
        while (low < high) {
          const middle = Math.floor((low + high) / 2);
          const line = await lineAt(handle, middle, size);
          const order = compare(wanted, line.hash);
          if (order === 0) return true;
          if (order < 0) high = line.start;
          else low = line.end;
        }
        return false;
      }),
  };
}

/** @throws Error with a sentence, where the file is no sorted list of hashes as far as a few dozen looks tell */
export async function checkBreachedList(file: string): Promise<void> {
  await withFile(file, async (handle, size) => {
    if (size === 0) throw new Error('it is empty');
    let previous = '';
    for (let probe = 0; probe < probes; probe += 1) {
      const { hash } = await lineAt(handle, Math.floor((size * probe) / probes), size);
      if (hash < previous) throw new Error('its lines are not sorted');
      previous = hash;
    }
  });
}

async function withFile<T>(file: string, work: (handle: FileHandle, size: number) => Promise<T>): Promise<T> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    return await work(handle, size);
  } finally {
    await handle.close();
  }
}

type Line = { readonly hash: string; readonly start: number; readonly end: number };

/** The line that the byte at this place is part of; its end is where the next one starts. */
async function lineAt(handle: FileHandle, place: number, size: number): Promise<Line> {
  const from = Math.max(0, place - pieceBytes);
  const buffer = Buffer.alloc(Math.min(size - from, 2 * pieceBytes));
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, from);
  const text = buffer.toString('latin1', 0, bytesRead);
  const start = text.lastIndexOf('\n', place - from - 1) + 1;
  const newline = text.indexOf('\n', place - from);
  const end = newline === -1 ? text.length : newline;
  const [, hash] = lineShape.exec(text.slice(start, end)) ?? [];
  if (hash === undefined) throw new Error('it has lines that are no hashes');
  return { hash, start: from + start, end: from + end + 1 };
}

/** A line may hold the first digits alone. */
function compare(wanted: string, hash: string): number {
  const begin = wanted.slice(0, hash.length);
  if (begin === hash) return 0;
  return begin < hash ? -1 : 1;
}
