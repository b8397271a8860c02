import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';

/** The requests that are being answered, and whether this process is on its way out. */
export type Traffic = {
  enter(reply: FastifyReply): void;
  leave(reply: FastifyReply): void;
  /** From here on every answer closes its connection. Readiness falls, unless another process answers in our place. */
  drain(how: { readonly isReplaced: boolean }): void;
  /** Whether readiness has fallen. */
  isDraining(): boolean;
  /** Whether this process is on its way out. */
  isClosing(): boolean;
  /** Called once, when this process goes away. */
  onClosing(leave: () => void): void;
  isQuiet(): boolean;
  /** How many requests are being answered. */
  count(): number;
  isAnswering(socket: Socket): boolean;
};

export function openTraffic(): Traffic {
  const running = new Set<FastifyReply>();
  const leavers: (() => void)[] = [];
  let isClosing = false;
  let isDraining = false;
  return {
    enter(reply) {
      running.add(reply);
      if (isClosing) reply.header('connection', 'close');
    },
    leave: (reply) => running.delete(reply),
    drain({ isReplaced }) {
      isClosing = true;
      isDraining ||= !isReplaced;
      for (const reply of running) reply.header('connection', 'close');
      for (const leave of leavers.splice(0)) leave();
    },
    isDraining: () => isDraining,
    isClosing: () => isClosing,
    onClosing: (leave) => void leavers.push(leave),
    isQuiet: () => running.size === 0,
    count: () => running.size,
    isAnswering: (socket) => [...running].some((reply) => reply.request.raw.socket === socket),
  };
}
