import { pino } from 'pino';
import type { DestinationStream, Level, Logger } from 'pino';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../kernel/errors.ts';

export type Log = Logger;

/** What waits for a sink that does not read. Beyond it lines are dropped and counted; requests go on. */
const waitingBytes = 1024 * 1024;
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

/** Standard output, written to in the background and never waited for. */
function boundedOutput(fileDescriptor: number, onDrained: (droppedLines: number) => void): DestinationStream {
  const output = pino.destination({ dest: fileDescriptor, sync: false, maxLength: waitingBytes });
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
  const sink =
    typeof options.stream === 'object'
      ? options.stream
      : boundedOutput(options.stream ?? process.stdout.fd, (droppedLines) => {
          log.warn({ droppedLines }, 'log lines were dropped, nobody read them');
        });
  const log: Log = pino(
    {
      level: options.level,
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
  return log;
}

/** What the completion line tells of a refusal. */
export type RefusalFacts = { readonly code: string; readonly reference: string; readonly finding?: string };

const refusals = new WeakMap<FastifyRequest, RefusalFacts>();

export function noteRefusal(request: FastifyRequest, facts: RefusalFacts): void {
  refusals.set(request, facts);
}

/** The one line of a request: the pattern of its route, never its address, which may carry codes and states. */
export function logCompletion(request: FastifyRequest, reply: FastifyReply): void {
  request.log.info(
    {
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      ...refusals.get(request),
    },
    'answered',
  );
}
