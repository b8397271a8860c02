import * as http from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import * as https from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { AppError } from '../../kernel/errors.ts';

/** What the application answered: a head whose body is still to come, or a connection that speaks another protocol now. */
export type UpstreamAnswer = {
  readonly head: IncomingMessage;
  readonly upgraded?: { readonly socket: Duplex; readonly firstBytes: Buffer };
};

export type Question = {
  readonly raw: IncomingMessage;
  /** Names and values in turn, complete: nothing is added. */
  readonly headers: readonly string[];
  readonly isUpgrade: boolean;
  /** Aborted when nobody wants the answer any more, be it half-way through its body. */
  readonly signal: AbortSignal;
};

export type Upstream = {
  /**
   * Passes the request on, body and all, and resolves with the head of the answer.
   * @throws AppError `upstream_unavailable`, `upstream_timeout`; the signal's reason once it is aborted.
   */
  ask(question: Question): Promise<UpstreamAnswer>;
  close(): void;
};

type UpstreamOptions = { readonly url: URL; readonly mostHeadBytes: number; readonly answerMs: number };

/** May be sent once more if it met a connection that the application was just closing (RFC 9110 §9.2.2). */
const repeatable = new Set(['GET', 'HEAD', 'OPTIONS']);

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

export function openUpstream({ url, mostHeadBytes, answerMs }: UpstreamOptions): Upstream {
  const { request, Agent } = url.protocol === 'https:' ? https : http;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const kept = new Agent({ keepAlive: true });
  // What may not be repeated gets a connection of its own: a kept one may close at the moment it is used.
  const fresh = new Agent({ keepAlive: false });

  function open({ raw, headers, signal, isUpgrade }: Question): ClientRequest {
    const isRepeatable = repeatable.has(raw.method ?? '') && !hasBody(raw) && !isUpgrade;
    return request({
      host,
      port: url.port,
      // Not taken from Host, which names us.
      servername: isIP(host) === 0 ? host : '',
      method: raw.method,
      path: raw.url,
      headers,
      signal,
      agent: isRepeatable ? kept : fresh,
      maxHeaderSize: mostHeadBytes,
    });
  }

  async function ask(question: Question): Promise<UpstreamAnswer> {
    const outgoing = open(question);
    try {
      return await converse(outgoing, question, answerMs);
    } catch (error) {
      if (question.signal.aborted) throw error;
      // Only a kept connection is ever reused; it was closed before this request was read.
      if (outgoing.reusedSocket && codeOf(error) === 'ECONNRESET') return await ask(question);
      if (error instanceof AppError) throw error;
      throw new AppError('upstream_unavailable', { finding: codeOf(error) }, { cause: error });
    }
  }

  return {
    ask,
    close() {
      kept.destroy();
      fresh.destroy();
    },
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}

function converse(outgoing: ClientRequest, { raw, isUpgrade }: Question, answerMs: number) {
  return new Promise<UpstreamAnswer>((resolve, reject) => {
    const answered = answerWithin(answerMs, { outgoing, raw, reject });
    outgoing.on('error', (error) => {
      answered();
      reject(error);
    });
    outgoing.on('response', (head) => {
      answered();
      resolve({ head });
    });
    outgoing.on('upgrade', (head, socket, firstBytes) => {
      answered();
      if (isUpgrade) resolve({ head, upgraded: { socket, firstBytes } });
      else {
        socket.destroy();
        reject(new AppError('upstream_unavailable', { finding: 'upgraded_unasked' }));
      }
    });
    if (hasBody(raw) && !isUpgrade) sendBody(raw, outgoing);
    else outgoing.end();
  });
}

function sendBody(raw: IncomingMessage, outgoing: ClientRequest): void {
  raw.pipe(outgoing);
  outgoing.once('close', () => {
    if (raw.complete) return;
    // Answered or broken before all of it was wanted: the rest is read past, so that the answer is heard.
    raw.unpipe(outgoing);
    raw.resume();
  });
}

type Waiting = {
  readonly outgoing: ClientRequest;
  readonly raw: IncomingMessage;
  readonly reject: (error: Error) => void;
};

/** Gives the application so long after the last piece of the body; how fast that comes is its sender's affair. */
function answerWithin(ms: number, { outgoing, raw, reject }: Waiting): () => void {
  const timer = setTimeout(() => {
    if (!raw.complete && outgoing.socket?.connecting === false) {
      timer.refresh();
      return;
    }
    reject(new AppError('upstream_timeout'));
    outgoing.destroy();
  }, ms);
  const restart = () => timer.refresh();
  outgoing.once('finish', restart);
  return () => {
    outgoing.off('finish', restart);
    clearTimeout(timer);
  };
}
