import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { minuteMs, secondMs } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import type { StrengthAnswer, StrengthQuestion } from './strength-thread.ts';

/** How hard a password is to guess, from 0 to 4, for somebody who knows these words. */
export type StrengthMeter = {
  /** @throws AppError `overloaded` where too many wait, or where it takes too long */
  score(password: string, context: readonly string[]): Promise<number>;
  close(): Promise<void>;
};

const mostWaiting = 50;
/** The thread itself begins in half a second, and in many where everything is late. */
const patienceMs = 20 * secondMs;
/** The word lists take tens of megabytes, and passwords are not chosen often. */
const idleMs = 5 * minuteMs;

type Waiting = { readonly answer: (score: number) => void; readonly fail: (error: Error) => void };
type Thread = { readonly worker: Worker; readonly waiting: Map<number, Waiting> };

/** Estimates in a thread of its own, begun when first asked: it takes longer than others may be kept waiting. */
export function openStrengthMeter(): StrengthMeter {
  let thread: Thread | undefined;
  let lastId = 0;
  const end = async () => {
    const ended = thread;
    thread = undefined;
    await ended?.worker.terminate();
  };
  const rest = restAfter(idleMs, () => {
    if (thread?.waiting.size === 0) void end();
  });

  return {
    async score(password, context) {
      thread ??= startThread((ended) => {
        if (thread === ended) thread = undefined;
      });
      if (thread.waiting.size >= mostWaiting) throw overloaded();
      rest.putOff();
      lastId += 1;
      return await ask(thread, { id: lastId, password, context });
    },
    async close() {
      rest.stop();
      await end();
    },
  };
}

async function ask({ worker, waiting }: Thread, question: StrengthQuestion): Promise<number> {
  let giveUp: NodeJS.Timeout | undefined;
  try {
    return await new Promise<number>((answer, fail) => {
      waiting.set(question.id, { answer, fail });
      giveUp = setTimeout(() => {
        fail(overloaded());
      }, patienceMs);
      worker.postMessage(question);
    });
  } finally {
    clearTimeout(giveUp);
    waiting.delete(question.id);
  }
}

function overloaded(): AppError {
  return new AppError('overloaded', { finding: 'password_strength', retryAfterSeconds: 2 });
}

/** The thread lies beside this file, in the sources and in what is built from them. */
function startThread(onEnd: (ended: Thread) => void): Thread {
  const file = new URL(`./strength-thread${extname(import.meta.url)}`, import.meta.url);
  const thread: Thread = { worker: new Worker(file, { execArgv: [], env: {} }), waiting: new Map() };
  const { worker, waiting } = thread;
  const failAll = (error: Error) => {
    onEnd(thread);
    for (const { fail } of waiting.values()) fail(error);
  };
  worker.unref();
  worker.on('message', ({ id, score }: StrengthAnswer) => waiting.get(id)?.answer(score));
  worker.on('error', failAll);
  worker.on('exit', () => {
    failAll(overloaded());
  });
  return thread;
}

function restAfter(ms: number, doIt: () => void) {
  let timer: NodeJS.Timeout | undefined;
  return {
    putOff() {
      clearTimeout(timer);
      timer = setTimeout(doIt, ms).unref();
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
