import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';

/** The requests that are being answered, and whether this process is on its way out. */
export type Traffic = {
  enter(reply: FastifyReply): void;
  leave(reply: FastifyReply): void;
  /** Readiness falls; from here on every answer closes its connection. */
  drain(): void;
  isDraining(): boolean;
  isQuiet(): boolean;
  isAnswering(socket: Socket): boolean;
};

export function openTraffic(): Traffic {
  const running = new Set<FastifyReply>();
  let draining = false;
  return {
    enter(reply) {
      running.add(reply);
      if (draining) reply.header('connection', 'close');
    },
    leave: (reply) => running.delete(reply),
    drain() {
      draining = true;
      for (const reply of running) reply.header('connection', 'close');
    },
    isDraining: () => draining,
    isQuiet: () => running.size === 0,
    isAnswering: (socket) => [...running].some((reply) => reply.request.raw.socket === socket),
  };
}
