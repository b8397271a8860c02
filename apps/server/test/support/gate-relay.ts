import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { until } from './processes.ts';

export type GateRelay = {
  readonly address: URL;
  /** Everything that was sent to the one behind. */
  readonly sent: () => string;
  /** From now on whoever asks gets this instead; with `undefined`, nothing at all. */
  answerAlways(text: string | undefined): void;
};

/** Stands before a server, writes down what it is sent, and can play one that is out of order. */
export async function openGateRelay(behind: URL): Promise<GateRelay> {
  const sent: Buffer[] = [];
  const sockets = new Set<Socket>();
  let isFake = false;
  let fake: string | undefined;
  const server = createServer((client) => {
    sockets.add(client);
    client.on('error', () => undefined); // `close` follows
    client.once('close', () => sockets.delete(client));
    client.on('data', (chunk) => sent.push(chunk));
    if (isFake) {
      client.on('data', () => fake !== undefined && client.end(fake));
      return;
    }
    const backend = connect(Number(behind.port), behind.hostname);
    backend.on('error', () => client.destroy());
    backend.once('close', () => client.destroy());
    client.once('close', () => backend.destroy());
    client.pipe(backend).pipe(client);
  }).listen(0, '127.0.0.1');
  const hangUp = () => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    server.close();
    hangUp();
  });
  await until(() => server.listening);
  // A TCP server's address is no string.
  const { port } = server.address() as AddressInfo;
  return {
    address: new URL(`http://127.0.0.1:${port}`),
    sent: () => Buffer.concat(sent).toString('latin1'),
    answerAlways(text) {
      isFake = true;
      fake = text;
      hangUp();
    },
  };
}
