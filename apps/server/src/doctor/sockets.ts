import { connect as connectTcp, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { probeMs } from './limits.ts';

/** Whether something takes a connection there, in time. */
export function connects(host: string, port: number): Promise<boolean> {
  return settle(connectTcp({ host, port }), 'connect', () => true).then((is) => is === true);
}

/** When the certificate of an https host ends, as this machine sees and accepts it. */
export function certificateEnd({ hostname, port }: URL): Promise<Date | undefined> {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const named = isIP(host) === 0 ? { servername: host } : {};
  const socket = connectTls({ host, port: port === '' ? 443 : Number(port), ...named });
  return settle(socket, 'secureConnect', () => new Date(socket.getPeerCertificate().valid_to));
}

/** What `read` answers at the event; undefined after a failure, or when time is up. */
function settle<T>(socket: Socket, event: string, read: () => T): Promise<T | undefined> {
  const ended = Promise.withResolvers<T | undefined>();
  socket.setTimeout(probeMs);
  socket.once(event, () => {
    ended.resolve(read());
    socket.destroy();
  });
  socket.once('timeout', () => socket.destroy());
  socket.once('error', () => undefined);
  socket.once('close', () => {
    ended.resolve(undefined);
  });
  return ended.promise;
}
