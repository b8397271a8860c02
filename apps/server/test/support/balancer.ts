import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { probe, until } from './processes.ts';

export type Balancer = {
  readonly address: URL;
  /** How many answer that they are ready. */
  healthy(): number;
  /** The machine of this place has another address from now on. */
  moveTo(place: number, address: URL): void;
};

type Machine = { address: URL; isHealthy: boolean };

const lookEveryMs = 100;

/**
 * Deals connections out in turn, to whoever is ready. One that is refused is offered to the next; one that breaks is
 * broken for its client as well.
 */
export async function openBalancer(addresses: readonly URL[]): Promise<Balancer> {
  const machines: Machine[] = addresses.map((address) => ({ address, isHealthy: false }));
  let turn = 0;
  const look = setInterval(() => {
    for (const machine of machines)
      void probe(machine.address, '/readyz').then((status) => (machine.isHealthy = status === 200));
  }, lookEveryMs);

  function offer(client: Socket, left: number): void {
    const ready = machines.filter(({ isHealthy }) => isHealthy);
    turn += 1;
    const machine = ready[turn % ready.length];
    if (machine === undefined || left === 0) {
      client.destroy();
      return;
    }
    const backend = connect(Number(machine.address.port), machine.address.hostname);
    backend.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') offer(client, left - 1);
      else client.destroy();
    });
    backend.once('connect', () => {
      client.pipe(backend).pipe(client);
    });
    client.once('close', () => backend.destroy());
  }
  const server = createServer((client) => {
    client.on('error', () => undefined); // `close` follows
    offer(client, machines.length);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    clearInterval(look);
    server.close();
  });
  await until(() => server.listening);
  // A TCP server's address is no string.
  const { port } = server.address() as AddressInfo;
  return {
    address: new URL(`http://127.0.0.1:${port}`),
    healthy: () => machines.filter(({ isHealthy }) => isHealthy).length,
    moveTo(place, address) {
      const machine = machines[place];
      if (machine !== undefined) Object.assign(machine, { address, isHealthy: false });
    },
  };
}
