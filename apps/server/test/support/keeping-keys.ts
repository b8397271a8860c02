import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import type { JSONWebKeySet } from 'jose';
import { expect, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/db/open-database.ts';
import { inSystem } from '../../src/db/scopes.ts';
import { keepHouse } from '../../src/jobs/housekeeping.ts';
import type { Chore } from '../../src/jobs/housekeeping.ts';
import { tendSigningKeys } from '../../src/jobs/signing-keys.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { openKeyRing, rotateSigningKey } from '../../src/keys/index.ts';
import type { Browser } from './browser.ts';
import { connectionTo } from './databases.ts';
import type { World } from './world.ts';

const keyOf = (byte: number) => Buffer.alloc(32, byte).toString('base64');
/** What the world's server runs with, and its successor. */
export const [oldKey, newKey] = [keyOf(7), keyOf(8)];
export const secrets = (...keys: string[]) => keys.map((key) => new Secret(key));

export const kind = {
  typ: 'gatehouse-assertion+jwt',
  issuer: 'http://localhost:3000',
  audience: 'http://localhost:3000',
  lifetimeSeconds: 60,
};

/** The house's own doing, on the world's database and by its clock. */
export function keysOf(w: World, masterKeys = secrets(oldKey)) {
  const db = openDatabase({
    connection: connectionTo(w.database),
    maxConnections: 12,
    onError: () => undefined,
  });
  onTestFinished(() => db.destroy());
  const complaints: unknown[] = [];
  const onError = (error: unknown) => complaints.push(error);
  const openRing = (keys = masterKeys) => openKeyRing({ db, clock: w.clock, masterKeys: keys, onError });
  const ring = openRing();
  return {
    db,
    ring,
    openRing,
    complaints,
    sign: (claims = {}) => ring.sign(claims, kind),
    signer: async (by = ring) => decodeProtectedHeader(await by.sign({}, kind)).kid,
    rotate: (atOnce: boolean) =>
      inSystem(db, (tx) => rotateSigningKey(tx, { masterKeys, now: w.clock.now(), atOnce })),
    /** One round of chores; returns what failed. */
    async keepHouse(keys = masterKeys) {
      const failures: unknown[] = [];
      const tend: Chore = (tx, now) => tendSigningKeys(tx, keys, now);
      await keepHouse({ db, clock: w.clock, moreChores: [tend], onError: (error) => failures.push(error) });
      return failures;
    },
  };
}

export async function publishedTo(browser: Browser): Promise<JSONWebKeySet> {
  const answer = await browser.get('/.well-known/jwks.json');
  expect(answer.status, answer.body).toBe(200);
  // The answer of the route under test; what is in it the tests check.
  return answer.json() as JSONWebKeySet;
}

export const idsIn = (set: JSONWebKeySet) => set.keys.map(({ kid }) => kid);

/** As an application behind the gate does it. */
export async function believe(w: World, token: string) {
  const keys = createLocalJWKSet(await publishedTo(w.browser));
  return await jwtVerify(token, keys, {
    algorithms: ['ES256'],
    typ: kind.typ,
    issuer: kind.issuer,
    audience: kind.audience,
    currentDate: w.clock.now(),
  });
}
