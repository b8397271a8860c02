import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import type { DestinationStream, Level, Logger } from 'pino';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../kernel/errors.ts';
import { addToSum } from './limits/refusal-sums.ts';

export type Log = Logger;

/** What waits for a sink that does not read. Beyond it lines are dropped and counted; requests go on. */
const waitingBytes = 1024 * 1024;
/** POSIX keeps a write of this size whole (PIPE_BUF), so that the lines of several workers do not mix in one pipe. */
const wholeBytes = 4096;
const lastWordsMs = 250;
const deepestCause = 4;
const neverLogged = ['cookie', 'authorization', 'set-cookie', 'location', 'url', 'headers', 'body', 'query'];

type ErrorFacts = { [fact: string]: unknown };

/** The stack, the code and the causes; none of the other properties, for drivers hang requests and rows on their errors. */
export function errorFacts(error: unknown, depth = 0): ErrorFacts {
  if (!(error instanceof Error)) return { type: typeof error };
  return {
    type: error.name,
    message: error.message,
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    ...(error instanceof AppError ? { context: error.context } : {}),
    stack: error.stack,
    ...(error.cause === undefined || depth === deepestCause
      ? {}
      : { cause: errorFacts(error.cause, depth + 1) }),
  };
}

/** JSON leaves these bare, but terminals and viewers obey them: DEL, the C1 controls and Unicode's line ends. */
const obeyed = /[\u007f-\u009f\u2028\u2029]/g;

function escapeObeyed(line: string): string {
  return line.replace(obeyed, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

type BoundedOutput = ReturnType<typeof pino.destination>;

/** Standard output, written to in the background and never waited for. */
function boundedOutput(fileDescriptor: number, onDrained: (droppedLines: number) => void): BoundedOutput {
  const output = pino.destination({
    dest: fileDescriptor,
    sync: false,
    maxLength: waitingBytes,
    maxWrite: wholeBytes,
  });
  let droppedLines = 0;
  output.on('drop', () => (droppedLines += 1));
  output.on('drain', () => {
    if (droppedLines === 0) return;
    const told = droppedLines;
    droppedLines = 0;
    onDrained(told);
  });
  return output;
}

/** One JSON line each. Writes to the stream or file descriptor given, else to standard output. */
export function openLog(options: { level: Level | 'silent'; stream?: DestinationStream | number }): Log {
  if (typeof options.stream === 'object') return logTo(options.stream, options.level);
  const output = boundedOutput(options.stream ?? process.stdout.fd, (droppedLines) => {
    log.warn({ droppedLines }, 'log lines were dropped, nobody read them');
  });
  const log = logTo(output, options.level);
  outputs.set(log, output);
  return log;
}

const outputs = new WeakMap<Log, BoundedOutput>();

/** Writes what is still unwritten, for a quarter of a second at most: nobody may be reading. The log's last call. */
export async function closeLog(log: Log): Promise<void> {
  const output = outputs.get(log);
  if (output === undefined) return;
  const closed = new Promise((resolve) => output.once('close', resolve));
  output.end();
  await Promise.race([closed, sleep(lastWordsMs, undefined, { ref: false })]);
  // From here on it tries no more, also not when the process exits.
  output.destroy();
}

function logTo(sink: DestinationStream, level: Level | 'silent'): Log {
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: (error: unknown) => errorFacts(error), req: () => undefined, res: () => undefined },
      redact: { paths: neverLogged.flatMap((name) => [`["${name}"]`, `*["${name}"]`]), censor: '[redacted]' },
    },
    {
      write: (line) => {
        sink.write(escapeObeyed(line));
      },
    },
  );
}

/** What the completion line tells of a refusal. */
export type RefusalFacts = { readonly code: string; readonly reference: string; readonly finding?: string };

const refusals = new WeakMap<FastifyRequest, RefusalFacts>();

export function noteRefusal(request: FastifyRequest, facts: RefusalFacts): void {
  refusals.set(request, facts);
}

export function refusalOf(request: FastifyRequest): RefusalFacts | undefined {
  return refusals.get(request);
}

/** A proxy asks before every request that it lets through, and has a line for each. */
function isLoggedByWhoAsks(route: string): boolean {
  return route === '/auth/verify' || route === '/auth/verify/*';
}

/** The one line of a request: the pattern of its route, never its address, which may carry codes and states. */
export function logCompletion(request: FastifyRequest, reply: FastifyReply): void {
  const refusal = refusals.get(request);
  const route = request.routeOptions.url ?? 'none';
  if (refusal === undefined && isLoggedByWhoAsks(route)) return;
  // It comes in floods: a line each would be a second flood.
  if (refusal?.code === 'rate_limited') {
    addToSum(request.server.log, refusal);
    return;
  }
  request.log.info(
    {
      method: request.method,
      route,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      ...refusal,
    },
    'answered',
  );
}
