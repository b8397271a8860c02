// A Cloud Backend that kills itself where it is told to: before or after its n-th statement from then on. It is
// started with `fork`, told by messages, and otherwise the server that everybody runs.
import pg from 'pg';
import { buildCloud } from '../../src/build-cloud.ts';
import { readCloudConfig } from '../../src/config/read-cloud-config.ts';
import { openLog } from '../../src/http/log.ts';

/** What the test says. Without a place it only counts. */
export type Doom = { readonly before?: number; readonly after?: number };
/** What the process answers: where it listens, that it has understood, or which statements it has sent since. */
export type Told = { readonly address?: string; readonly armed?: boolean; readonly statements?: readonly string[] };

let doom: Doom = {};
let statements: string[] = [];

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

type Query = (this: pg.Client, ...args: unknown[]) => unknown;
// The driver's overloads differ in what they are given, and all of it is passed on.
const query = Reflect.get(pg.Client.prototype, 'query') as Query;
const doomedQuery: Query = function (...args) {
  statements.push(String(args[0]));
  const place = statements.length;
  if (place === doom.before) die();
  const answer = query.apply(this, args);
  if (place === doom.after && answer instanceof Promise) void answer.then(die);
  return answer;
};
Reflect.set(pg.Client.prototype, 'query', doomedQuery);

function tell(told: Told): void {
  process.send?.(told);
}

process.on('disconnect', die);
process.on('message', (message: Doom | 'tell') => {
  if (message === 'tell') {
    tell({ statements });
    return;
  }
  doom = message;
  statements = [];
  tell({ armed: true });
});

const cloud = await buildCloud(readCloudConfig(process.env), { log: openLog({ level: 'silent' }) });
tell({ address: (await cloud.listen()).address });
