import { expect, test } from 'vitest';
import { watchFrames } from './websocket-frames.ts';

/** A frame as RFC 6455 §5.2 draws it, in which every byte of the payload looks like the head of another. */
function frame(length: number, isMasked: boolean): Buffer {
  const mask = isMasked ? 0x80 : 0;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = 0x82;
  if (head.length === 2) head[1] = mask | length;
  else head[1] = mask | (head.length === 4 ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, Buffer.alloc(isMasked ? 4 : 0, 0x81), Buffer.alloc(length, 0x81)]);
}

test.each([0, 1, 125, 126, 127, 65_535, 65_536, 70_000])(
  'a payload of %i bytes ends where the next frame begins, however the bytes are cut',
  (length) => {
    for (const isMasked of [false, true]) {
      const one = frame(length, isMasked);
      const stream = Buffer.concat([one, one, one]);
      for (const size of length < 1_000 ? [1, 3, 7] : [997, one.length, one.length + 5]) {
        const watch = watchFrames();
        for (let at = 0; at < stream.length; at += size) {
          const end = Math.min(at + size, stream.length);
          watch.pass(stream.subarray(at, end));
          expect(watch.isBetweenFrames()).toBe(end % one.length === 0);
        }
      }
    }
  },
);
