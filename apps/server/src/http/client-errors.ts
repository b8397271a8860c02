import type { Socket } from 'node:net';
import { AppError } from '../kernel/errors.ts';
import type { ErrorCode } from '../kernel/errors.ts';
import { newReference } from '../kernel/references.ts';
import type { Log } from './log.ts';
import { STATUS_CODES } from './node-http.ts';
import { toProblem } from './problem.ts';
import type { Traffic } from './traffic.ts';

/** How long the rest of a refused request is read and thrown away, so that the answer is not lost to a reset. */
const lingerMs = 1_000;

const codes: { readonly [nodeCode: string]: ErrorCode } = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'body_too_large',
};

const details: { readonly [code in ErrorCode]?: string } = {
  headers_too_large: 'Clear the cookies of this site in your browser, then open it again.',
};

function answer(status: number, body: string): string {
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}`,
    'Connection: close',
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
    ...(body === '' ? [] : ['Content-Type: application/problem+json']),
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

/**
 * Answers what Node could not read as a request: 400, 431, or 408 for who sent too slowly. Node knows nothing of it but
 * the last piece, so unlike the door's own 431 this one never tells the browser to drop its cookies: a foreign page
 * could bring it about with a long address.
 */
export function clientErrorAnswerer(log: Log, traffic: Traffic) {
  const answered = new WeakSet<Socket>();
  return (error: Error & { code?: string }, socket: Socket): void => {
    if (answered.has(socket)) return;
    answered.add(socket);
    // What is being answered on this connection came before; an answer of ours now would be taken for that one's.
    if (!socket.writable || traffic.isAnswering(socket)) {
      socket.destroy();
      return;
    }
    const nodeCode = error.code ?? 'unknown';
    if (nodeCode === 'ERR_HTTP_REQUEST_TIMEOUT') {
      socket.end(answer(408, ''));
    } else {
      const refusal = new AppError(codes[nodeCode] ?? 'request_invalid');
      const reference = newReference();
      log.info(
        { status: refusal.status, code: refusal.code, reference, finding: nodeCode },
        'unreadable request',
      );
      const problem = toProblem(refusal, reference, details[refusal.code]);
      socket.end(answer(refusal.status, JSON.stringify(problem)));
    }
    setTimeout(() => socket.destroy(), lingerMs).unref();
  };
}
