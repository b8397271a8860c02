import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import type { Door } from '../door.ts';

const limits = new WeakMap<IncomingMessage, NodeJS.Timeout>();

/** Every body must be here in time, unless `allowSlowBody` says that whoever sends it may take longer. */
export function limitSlowBodies(app: Door, ms: number): void {
  app.addHook('onRequest', ({ raw }, _reply, done) => {
    const hasBody =
      raw.headers['transfer-encoding'] !== undefined || raw.headers['content-length'] !== undefined;
    if (hasBody && !raw.complete) {
      const limit = setTimeout(() => raw.socket.destroy(), ms).unref();
      limits.set(raw, limit);
      raw.once('close', () => {
        clearTimeout(limit);
      });
    }
    done();
  });
}

/** For somebody who was let in: a large upload over a slow line is theirs to wait for. */
export function allowSlowBody({ raw }: FastifyRequest): void {
  clearTimeout(limits.get(raw));
}
