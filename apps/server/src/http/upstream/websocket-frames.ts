/** Follows the frames of one direction of a WebSocket (RFC 6455 §5.2), of which it keeps nothing. */
export type FrameWatch = {
  pass(bytes: Buffer): void;
  /** Whether a frame of our own could go here without being taken for a piece of another. */
  isBetweenFrames(): boolean;
};

/** How long the head of a frame is, as far as these bytes tell. */
function headLength(head: readonly number[]): number {
  const [, second] = head;
  if (second === undefined) return 2;
  const short = second & 0x7f;
  const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0;
  return 2 + lengthBytes + (second & 0x80 ? 4 : 0);
}

function payloadLength(head: readonly number[]): number {
  const short = (head[1] ?? 0) & 0x7f;
  if (short < 126) return short;
  return head.slice(2, short === 126 ? 4 : 10).reduce((sum, byte) => sum * 256 + byte, 0);
}

export function watchFrames(): FrameWatch {
  let head: number[] = [];
  let payloadLeft = 0;
  return {
    pass(bytes) {
      let at = 0;
      while (at < bytes.length) {
        const skipped = Math.min(payloadLeft, bytes.length - at);
        payloadLeft -= skipped;
        at += skipped;
        const byte = bytes[at];
        if (byte === undefined) return;
        head.push(byte);
        at += 1;
        if (head.length < headLength(head)) continue;
        payloadLeft = payloadLength(head);
        head = [];
      }
    },
    isBetweenFrames: () => head.length === 0 && payloadLeft === 0,
  };
}

/** A server's last word: it is going away (RFC 6455 §7.4.1, code 1001). */
export const goingAway = Buffer.from([0x88, 0x02, 0x03, 0xe9]);
