import { decodeProtectedHeader } from 'jose';
import { describe, expect } from 'vitest';
import { believe, idsIn, keysOf, kind, publishedTo } from '../support/keeping-keys.ts';
import { until } from '../support/processes.ts';
import { test } from '../support/world.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

describe('the keys that applications check our tokens with', () => {
  test('are for everybody to read, for five minutes, and hold nothing private', async ({ w }) => {
    const answer = await w.browser.ask('/.well-known/jwks.json', {
      as: 'api',
      headers: { origin: 'https://app.acme.example' },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'public, max-age=300',
      'access-control-allow-origin': '*',
    });
    const digits: unknown = expect.stringMatching(/^[\w-]{43}$/);
    expect(answer.json()).toEqual({
      keys: [
        {
          kty: 'EC',
          crv: 'P-256',
          x: digits,
          y: digits,
          kid: digits,
          alg: 'ES256',
          use: 'sig',
        },
      ],
    });
  });

  test('let a token be believed as what it is, for as long as it says, and no longer', async ({ w }) => {
    const token = await keysOf(w).sign({ sub: 'ada', iss: 'https://evil.example' });
    const { payload, protectedHeader } = await believe(w, token);
    expect(protectedHeader).toMatchObject({ alg: 'ES256', typ: 'gatehouse-assertion+jwt' });
    expect(payload).toMatchObject({ sub: 'ada', iss: kind.issuer, aud: kind.audience });
    expect(Number(payload.exp) - Number(payload.iat)).toBe(60);
    w.clock.advance(61 * second);
    await expect(believe(w, token)).rejects.toThrow(/exp/);
  });

  test('cannot be outlived by a token: one of more than a day is not made', async ({ w }) => {
    await expect(keysOf(w).ring.sign({}, { ...kind, lifetimeSeconds: 86_401 })).rejects.toThrow(/a day/);
  });

  test('are the same on all servers, though all begin at once on an empty database', async ({ w }) => {
    const { openRing } = keysOf(w);
    const replica = await w.startReplica();
    const here = await publishedTo(w.browser);
    expect(idsIn(await publishedTo(replica.browserLike(w.browser)))).toEqual(idsIn(here));
    await w.sql('delete from signing_keys');
    const rings = Array.from({ length: 10 }, () => openRing());
    const signers = await Promise.all(
      rings.map(async (ring) => decodeProtectedHeader(await ring.sign({}, kind)).kid),
    );
    expect(await w.count('signing_keys')).toBe(1);
    expect(new Set(signers).size).toBe(1);
    expect(idsIn(here)).not.toContain(signers[0]);
  });

  test('are made by the start, before anybody asks', async ({ w }) => {
    await until(async () => (await w.count('signing_keys')) === 1);
  });

  test('go on signing and being published while the database is away', async ({ w }) => {
    const { openRing, sign, complaints } = keysOf(w);
    await believe(w, await sign());
    await w.sql('alter table signing_keys rename to gone');
    for (const away of [31 * second, 2 * hour]) {
      w.clock.advance(away);
      await believe(w, await sign());
    }
    await until(() => complaints.length > 0);
    await expect(openRing().sign({}, kind)).rejects.toThrow();
    await w.sql('alter table gone rename to signing_keys');
    await believe(w, await openRing().sign({}, kind));
  });

  test('that somebody slips into the table, or changes there, are never published', async ({ w }) => {
    const before = await publishedTo(w.browser);
    const [own] = before.keys;
    const foreign = { kty: 'EC', crv: 'P-256', x: own?.y, y: own?.x };
    await w.sql(
      `insert into signing_keys select 'foreign', $1, sealed_private_key, created_at, signs_from from signing_keys`,
      [JSON.stringify(foreign)],
    );
    w.clock.advance(31 * second);
    expect(await publishedTo(w.browser)).toEqual(before);
    await w.sql(`update signing_keys set public_jwk = $1`, [JSON.stringify(foreign)]);
    await expect(keysOf(w).sign()).rejects.toThrow(/no signing key opens/);
  });
});

describe('a new signing key', () => {
  test('comes by itself after thirty days, is published before it signs, and outlives its predecessor’s last token', async ({
    w,
  }) => {
    const { keepHouse: round, signer, sign } = keysOf(w);
    const first = await signer();
    expect(await round()).toEqual([]);
    w.clock.advance(30 * day - minute);
    expect(await round()).toEqual([]);
    expect(await w.count('signing_keys')).toBe(1);

    w.clock.advance(minute);
    expect(await round()).toEqual([]);
    expect(await round()).toEqual([]);
    const both = idsIn(await publishedTo(w.browser));
    expect(both).toHaveLength(2);
    expect(both[0]).toBe(first);
    const [, next] = both;
    expect(
      await w.sql(`select subject_id, details->>'because' as because from audit_events
        where type = 'signing_key.rotated'`),
    ).toEqual([{ subject_id: next, because: 'scheduled' }]);
    expect(await signer()).toBe(first);

    w.clock.advance(15 * minute - second);
    expect(await signer()).toBe(first);
    const last = await sign();
    w.clock.advance(second);
    expect(await signer()).toBe(next);
    await believe(w, last);
    await believe(w, await sign());

    w.clock.advance(25 * hour - second);
    await round();
    expect(idsIn(await publishedTo(w.browser))).toEqual(both);
    w.clock.advance(31 * second);
    expect(await round()).toEqual([]);
    expect(idsIn(await publishedTo(w.browser))).toEqual([next]);
    expect(await w.count('signing_keys')).toBe(1);
  });

  test('is made once, however many servers find that it is time', async ({ w }) => {
    const { keepHouse: round, signer } = keysOf(w);
    await signer();
    w.clock.advance(31 * day);
    const failures = await Promise.all(Array.from({ length: 6 }, () => round()));
    expect(failures.flat()).toEqual([]);
    expect(await w.count('signing_keys')).toBe(2);
    expect(await w.count(`audit_events where type = 'signing_key.rotated'`)).toBe(1);
  });

  test('is heard of by a server that runs: within half a minute, or at once after an idle hour', async ({
    w,
  }) => {
    const { ring, openRing, rotate, signer } = keysOf(w);
    const idle = openRing();
    const first = await signer();
    expect(await signer(idle)).toBe(first);
    const { keyId } = await rotate(true);
    expect(await signer(ring)).toBe(first);
    w.clock.advance(31 * second);
    await until(async () => (await signer(ring)) === keyId);
    w.clock.advance(hour);
    expect(await signer(idle)).toBe(keyId);
  });
});
