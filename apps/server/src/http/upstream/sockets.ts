import { STATUS_CODES } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { goingAway, watchFrames } from './websocket-frames.ts';

/** By this a browser that vanished without a word is noticed. */
const probeIdleMs = 60_000;
/** How long a browser may take to say goodbye as well. */
const farewellMs = 500;

/** The head by which a connection changes its protocol. */
export function switchingHead(
  { headers: { upgrade = '' } }: IncomingMessage,
  headers: readonly string[],
): string {
  const lines = [`HTTP/1.1 101 ${STATUS_CODES[101] ?? ''}`, 'Connection: Upgrade', `Upgrade: ${upgrade}`];
  for (let at = 0; at + 1 < headers.length; at += 2)
    lines.push(`${headers[at] ?? ''}: ${headers[at + 1] ?? ''}`);
  return [...lines, '', ''].join('\r\n');
}

type Pair = { readonly near: Socket; readonly far: Duplex };
type FirstBytes = { readonly toNear: Buffer; readonly toFar: Buffer };

/** Two connections become one: bytes, ends and breaks of either go on to the other. Returns what says goodbye. */
export function joinSockets({ near, far }: Pair, { toNear, toFar }: FirstBytes): () => void {
  const frames = watchFrames();
  frames.pass(toNear);
  near.write(toNear);
  far.write(toFar);
  far.on('data', (bytes: Buffer) => {
    frames.pass(bytes);
  });
  near.setTimeout(0);
  near.setNoDelay(true);
  near.setKeepAlive(true, probeIdleMs);
  near.pipe(far).pipe(near);
  far.on('error', () => near.destroy());
  const endNear = () => {
    near.destroySoon();
  };
  far.once('close', endNear);
  near.once('close', () => far.destroy());
  return () => {
    far.off('close', endNear);
    far.unpipe(near);
    far.destroy();
    near.end(frames.isBetweenFrames() ? goingAway : '');
    near.resume();
    setTimeout(() => near.destroy(), farewellMs).unref();
  };
}
