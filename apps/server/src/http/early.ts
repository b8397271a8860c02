import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Door, DoorOptions, EarlyAnswer, EarlyAnswerer } from './door.ts';
import { cookieOfPlainHead } from './head.ts';
import { headersWithoutDocument } from './headers.ts';

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * For what is asked before every request of an application: answers below `prefix` before the framework sees the
 * request, which would cost more than the answer. What is not plain, what is traced and what arrives while draining
 * goes to the route. To be called after every other listener of requests has been added.
 */
export function earlyAnswers(app: Door, options: DoorOptions) {
  const { server, traffic } = app;
  const { observers = [] } = options;
  const spell = openSpelling(Object.entries(headersWithoutDocument(options.publicOrigin)).flat());
  const isTraced = observers.some(({ begin }) => begin !== undefined);

  return (prefix: string, answerer: EarlyAnswerer): void => {
    if (isTraced) return;
    const answerTo = (raw: IncomingMessage): EarlyAnswer | undefined => {
      const { url = '', method = '' } = raw;
      if (!url.startsWith(prefix) || !methods.has(method) || traffic.isClosing()) return undefined;
      const cookieHeader = cookieOfPlainHead(raw, options.buffers.readBytes);
      if (cookieHeader === undefined) return undefined;
      try {
        return answerer({ url, cookieHeader });
      } catch {
        return undefined;
      }
    };
    const [handle] = server.listeners('request') as RequestListener[]; // of this event there are no other listeners
    if (handle === undefined) throw new Error('the framework does not listen');
    server.removeAllListeners('request');
    server.on('request', (raw: IncomingMessage, response: ServerResponse) => {
      const startedMs = performance.now();
      const answer = answerTo(raw);
      if (answer === undefined) {
        handle(raw, response);
        return;
      }
      response.writeHead(200, spell(answer.headers)).end();
      const seconds = (performance.now() - startedMs) / 1000;
      const told = { method: raw.method ?? 'GET', route: answer.route, seconds };
      for (const observer of observers) observer.early?.(told);
    });
  };
}

/** Names and values in turn, as Node writes them without looking at them twice. */
function openSpelling(always: readonly string[]) {
  const spelled = new WeakMap<EarlyAnswer['headers'], string[]>();
  return (headers: EarlyAnswer['headers']): string[] => {
    const known = spelled.get(headers);
    if (known !== undefined) return known;
    const all = [...always, ...Object.entries(headers).flat(), 'content-length', '0'];
    spelled.set(headers, all);
    return all;
  };
}
