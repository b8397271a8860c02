import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { describe, expect } from 'vitest';
import { inSystem } from '../../src/db/scopes.ts';
import { openDatabase } from '../../src/db/open-database.ts';
import { rotateSigningKey, withdrawSigningKey } from '../../src/keys/index.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { connectionTo } from '../support/databases.ts';
import { signInAs } from '../support/people.ts';
import { test } from '../support/microsoft.ts';
import { askAs, claimsIn, pairIn, refresh, refreshCookieOf, signInWithMicrosoft } from '../support/tokens.ts';
import type { World } from '../support/world.ts';

type Part = Readonly<Record<string, unknown>>;

const { privateKey: foreignKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

function encode(part: Part): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function headerOf(token: string): Part {
  // Of our own tokens, whose header is an object.
  return JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as Part;
}

/** The same token with other words in it, signed by a key that is not ours. */
function forged(token: string, { header = {}, claims = {} }: { header?: Part; claims?: Part }): string {
  const signed = `${encode({ ...headerOf(token), ...header })}.${encode({ ...claimsIn(token), ...claims })}`;
  const signature = sign('sha256', Buffer.from(signed), { key: foreignKey, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}

const masterKeys = [new Secret(Buffer.alloc(32, 7).toString('base64'))];

async function withKeys<T>(w: World, work: (db: ReturnType<typeof openDatabase>) => Promise<T>): Promise<T> {
  const db = openDatabase({
    connection: connectionTo(w.database),
    maxConnections: 1,
    onError: () => undefined,
  });
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}

describe('an access token', () => {
  test('T-02 whose header names a key of its own is nobody’s, and nothing is fetched for it', async ({
    w,
  }) => {
    const token = await signInWithMicrosoft(w, 'ada');
    const jwk = foreignKey.export({ format: 'jwk' });
    const headers: Part[] = [
      { jku: `${w.entra.authority}/keys` },
      { x5u: `${w.entra.authority}/keys` },
      { jwk },
      { kid: '../../../../dev/null' },
      { kid: `x' or '1'='1` },
      { crit: ['exp'], exp: 1 },
      { b64: false, crit: ['b64'] },
      { alg: 'none' },
      { alg: 'HS256' },
      { typ: 'JWT' },
    ];
    w.entra.journal.clear();
    for (const header of headers) {
      expect(await askAs(w, forged(token, { header })), JSON.stringify(header)).toBeProblem(
        401,
        'unauthenticated',
      );
    }
    expect(await askAs(w, `${token.split('.').slice(0, 2).join('.')}.`)).toBeProblem(401, 'unauthenticated');
    expect(w.entra.journal.entries()).toEqual([]);
    expect((await askAs(w, token)).status).toBe(200);
  });

  test('T-03 T-04 no other kind of token is taken in its place, nor it in theirs', async ({ w }) => {
    await signInAs(w, 'google', 'ada', w.otherBrowser);
    const access = await signInWithMicrosoft(w, 'ada');
    const gate = await w.otherBrowser.get('/auth/verify');
    const others = {
      refresh: refreshCookieOf(w.browser),
      'session cookie': w.otherBrowser.cookies.get('gatehouse') ?? '',
      'session token': (w.otherBrowser.cookies.get('gatehouse') ?? '').split('.')[0] ?? '',
      attempt: w.browser.cookies.get('gatehouse-attempt') ?? '',
      assertion: String(gate.headers['x-gatehouse-assertion']),
    };
    for (const [kind, token] of Object.entries(others)) {
      expect(token.length, kind).toBeGreaterThan(20);
      expect(await askAs(w, token), kind).toBeProblem(401, 'unauthenticated');
    }
    for (const [kind, token] of Object.entries({ ...others, access })) {
      const stranger = w.newBrowser();
      for (const cookie of ['gatehouse', 'gatehouse-attempt', 'refresh_token'])
        stranger.cookies.set(cookie, token);
      if (kind !== 'session cookie')
        expect(await stranger.get('/api/v1/me'), `${kind} as session`).toBeProblem(401, 'unauthenticated');
      if (kind !== 'refresh')
        expect(await refresh(stranger), `${kind} as refresh`).toBeProblem(401, 'unauthenticated');
    }
    const verified = await w.newBrowser().ask('/auth/verify', {
      as: 'api',
      headers: { authorization: `Bearer ${access}` },
    });
    expect(verified).toBeProblem(401, 'unauthenticated');
  });

  test('T-06 T-07 that is malformed, deep or long is nobody’s, at once', async ({ w }) => {
    await signInWithMicrosoft(w, 'ada');
    const deep = Buffer.from(`${'['.repeat(4_000)}${']'.repeat(4_000)}`).toString('base64url');
    const odd = [
      '',
      ' ',
      '.',
      '..',
      '....',
      'null',
      'a.b.c',
      'é',
      '"',
      `e30.e30.`,
      `${deep}.e30.x`,
      'a'.repeat(9_000),
    ];
    const drawn = Array.from({ length: 60 }, (_, place) => randomBytes(1 + place * 3).toString('base64'));
    for (const value of [
      ...odd.map((one) => `Bearer ${one}`),
      ...drawn.map((one) => `Bearer ${one}`),
      'Bearer',
      'bearer\tx',
    ]) {
      const headers = { authorization: Buffer.from(value).toString('latin1') };
      const answer = await w.browser.ask('/api/v1/me', { as: 'api', headers });
      expect(answer, value.slice(0, 40)).toBeProblem(401, 'unauthenticated');
    }
  });

  test('counts alone where it is sent: a cookie beside it is not looked at', async ({ w }) => {
    const access = await signInWithMicrosoft(w, 'ada');
    await signInAs(w, 'google', 'ada', w.browser);
    const headers = { authorization: `Bearer ${access}` };
    const both = await w.browser.ask('/api/v1/me', { as: 'api', headers });
    expect(both.json()).toMatchObject({ session: { signedInWith: 'microsoft' } });
    const broken = { authorization: `Bearer ${access}x` };
    expect(await w.browser.ask('/api/v1/me', { as: 'api', headers: broken })).toBeProblem(
      401,
      'unauthenticated',
    );
    const made = await w.newBrowser().ask('/api/v1/companies/acme/projects', {
      method: 'POST',
      as: 'api',
      headers: { ...headers, 'x-csrf': '' },
      json: { slug: 'lab', name: 'Lab' },
    });
    expect(made.status).toBe(201);
  });

  test('runs out by the clock, and is not asked for at the database until then', async ({ w }) => {
    const access = await signInWithMicrosoft(w, 'ada');
    expect((await askAs(w, access)).status).toBe(200);
    w.clock.advance(15 * 60_000 - 5_000);
    expect((await askAs(w, access)).status).toBe(200);
    w.clock.advance(5_000);
    expect(await askAs(w, access)).toBeProblem(401, 'unauthenticated');
    expect((await askAs(w, pairIn(await refresh(w.browser)).accessToken)).status).toBe(200);
  });

  test('is refused within a second of its person’s removal or disabling', async ({ w }) => {
    const access = await signInWithMicrosoft(w, 'ada');
    expect((await askAs(w, access)).status).toBe(200);
    await w.sql(`update users set status = 'disabled'`);
    await expect.poll(async () => (await askAs(w, access)).status, { timeout: 1_000 }).toBe(401);
  });
});

describe('a signing key', () => {
  test('T-08 that takes over turns nobody away: the tokens of the one before are good until they end', async ({
    w,
  }) => {
    const before = await signInWithMicrosoft(w, 'ada');
    const now = w.clock.now();
    const next = await withKeys(w, (db) =>
      inSystem(db, (tx) => rotateSigningKey(tx, { masterKeys, now, atOnce: false })),
    );
    w.clock.advance(60_000);
    const keysNow = async () =>
      ((await w.browser.get('/.well-known/jwks.json')).json() as { keys: Part[] }).keys;
    await expect.poll(async () => (await keysNow()).map(({ kid }) => kid)).toContain(next.keyId);
    for (const key of await keysNow()) expect(Object.keys(key)).not.toContain('d');
    expect(headerOf(pairIn(await refresh(w.browser)).accessToken)['kid']).toBe(headerOf(before)['kid']);
    expect((await askAs(w, before)).status).toBe(200);
    w.clock.advance(15 * 60_000);
    const after = pairIn(await refresh(w.browser)).accessToken;
    expect(headerOf(after)['kid']).toBe(next.keyId);
    expect((await askAs(w, after)).status).toBe(200);
  });

  test('that was withdrawn is not believed any more, not even where its token was seen before', async ({
    w,
  }) => {
    const access = await signInWithMicrosoft(w, 'ada');
    expect((await askAs(w, access)).status).toBe(200);
    const old = String(headerOf(access)['kid']);
    await withKeys(w, (db) =>
      inSystem(db, async (tx) => {
        const now = w.clock.now();
        await rotateSigningKey(tx, { masterKeys, now, atOnce: true });
        await withdrawSigningKey(tx, old, new Date(now.getTime() + 1_000));
      }),
    );
    w.clock.advance(60_000);
    await expect.poll(async () => (await askAs(w, access)).status).toBe(401);
    expect((await askAs(w, pairIn(await refresh(w.browser)).accessToken)).status).toBe(200);
  });
});
