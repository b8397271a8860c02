import type { FastifyRequest } from 'fastify';
import type { Traffic } from '../traffic.ts';

export type StreamWatchOptions = {
  readonly traffic: Traffic;
  /** Whether this request would still be let in. An error means that nobody knows. */
  readonly isStillAdmitted: (request: FastifyRequest) => Promise<boolean>;
  /** Until when what is answered from memory is known to be true, on the monotonic clock; undefined: it is not. */
  readonly knownUntilMs: () => number | undefined;
};

export type NewStream = {
  readonly request: FastifyRequest;
  /** When whoever asks began to be let in, on the monotonic clock. */
  readonly admittedAtMs: number;
  /** Breaks it off at once. */
  readonly cut: () => void;
};

export type OpenStream = {
  /** It has no end of its own to wait for: `leave` is called when this process goes away. */
  neverEnds(leave: () => void): void;
  closed(): void;
};

export type StreamWatch = {
  add(stream: NewStream): OpenStream;
  /** Cuts off whatever is open. */
  close(): void;
};

type Watched = NewStream & { confirmedAtMs: number; isAsking: boolean; leave?: () => void };

const lookEveryMs = 250;
/** With what the cut itself takes, within the second in which a revocation must take effect everywhere. */
const longestUnconfirmedMs = 900;

/**
 * What is being answered, for as long as it takes: asked about again and again, so that a session which ends takes its
 * downloads and sockets with it. What cannot be confirmed in time is cut off like what was refused.
 */
export function watchStreams({ traffic, ...asking }: StreamWatchOptions): StreamWatch {
  const streams = new Set<Watched>();
  const cut = (stream: Watched) => {
    if (streams.delete(stream)) stream.cut();
  };
  const rounds = startRounds((nowMs, wasHeldUp) => {
    for (const stream of streams) {
      // Judged by the next look, which must not be too late.
      const isOverdue = nowMs + lookEveryMs - stream.confirmedAtMs > longestUnconfirmedMs;
      if (isOverdue && !wasHeldUp) cut(stream);
      else void confirm(stream, { ...asking, nowMs, cut });
    }
    return streams.size > 0;
  });
  traffic.onClosing(() => {
    for (const stream of streams) stream.leave?.();
  });

  return {
    add(stream) {
      const { admittedAtMs } = stream;
      const confirmedAtMs = Math.min(admittedAtMs, asking.knownUntilMs() ?? admittedAtMs);
      const watched: Watched = { ...stream, confirmedAtMs, isAsking: false };
      streams.add(watched);
      rounds.begin();
      return {
        neverEnds(leave) {
          watched.leave = leave;
          if (traffic.isClosing()) leave();
        },
        closed: () => void streams.delete(watched),
      };
    },
    close() {
      for (const stream of streams) cut(stream);
    },
  };
}

type Confirming = Omit<StreamWatchOptions, 'traffic'> & {
  readonly nowMs: number;
  readonly cut: (stream: Watched) => void;
};

async function confirm(
  stream: Watched,
  { nowMs, isStillAdmitted, knownUntilMs, cut }: Confirming,
): Promise<void> {
  if (stream.isAsking) return;
  const trueUntilMs = Math.min(nowMs, knownUntilMs() ?? nowMs);
  stream.isAsking = true;
  const isAdmitted = await isStillAdmitted(stream.request).catch(() => undefined);
  stream.isAsking = false;
  if (isAdmitted === false) cut(stream);
  else if (isAdmitted) stream.confirmedAtMs = Math.max(stream.confirmedAtMs, trueUntilMs);
}

/**
 * Looks every 250 ms for as long as a look says that there is something to look at. Where this process itself was held
 * up, nothing went through meanwhile and no answer could be heard; where it is held up again and again, something may.
 */
function startRounds(look: (nowMs: number, wasHeldUp: boolean) => boolean): { begin(): void } {
  let timer: NodeJS.Timeout | undefined;
  return {
    begin() {
      if (timer !== undefined) return;
      let lookedAtMs = performance.now();
      let wasLate = false;
      timer = setInterval(() => {
        const nowMs = performance.now();
        const isLate = nowMs - lookedAtMs > 2 * lookEveryMs;
        const wasHeldUp = isLate && !wasLate;
        wasLate = isLate;
        lookedAtMs = nowMs;
        if (look(nowMs, wasHeldUp)) return;
        clearInterval(timer);
        timer = undefined;
      }, lookEveryMs).unref();
    },
  };
}
