import { describe, expect } from 'vitest';
import { inSystem } from '../../src/db/scopes.ts';
import { tendSigningKeys } from '../../src/jobs/signing-keys.ts';
import {
  believe,
  idsIn,
  keysOf,
  kind,
  newKey,
  oldKey,
  publishedTo,
  secrets,
} from '../support/keeping-keys.ts';
import { test } from '../support/world.ts';

const second = 1_000;
const minute = 60 * second;

describe('K-07: a signing key at rest', () => {
  test('is sealed, and nothing else of it is in the table', async ({ w }) => {
    const { ring } = keysOf(w);
    await ring.sign({}, kind);
    const [row] = await w.sql<{ sealed: Buffer; members: string[] }>(
      `select sealed_private_key as sealed, array(select jsonb_object_keys(public_jwk) order by 1) as members
       from signing_keys`,
    );
    expect(row?.members).toEqual(['crv', 'kty', 'x', 'y']);
    expect(row?.sealed.length).toBe(1 + 8 + 12 + 32 + 16);
    expect(row?.sealed[0]).toBe(1);
  });

  test('does not open in another row', async ({ w }) => {
    const { openRing, rotate, signer, complaints } = keysOf(w);
    const first = await signer();
    const { keyId: second } = await rotate(true);
    await w.sql(
      `update signing_keys set sealed_private_key = (select sealed_private_key from signing_keys where id = $1)
       where id = $2`,
      [first, second],
    );
    const ring = openRing();
    expect(await signer(ring)).toBe(first);
    expect((await ring.publicKeys()).keys.map(({ kid }) => kid)).toEqual([first]);
    expect(complaints.map(String)).toEqual([expect.stringContaining(second)]);
  });

  test('does not open without the master key, and what to do is said', async ({ w }) => {
    const { openRing, signer } = keysOf(w);
    await signer();
    await expect(openRing(secrets(newKey)).sign({}, kind)).rejects.toThrow(/SECRETS_KEY.*rotate --now/);
  });
});

describe('K-08: SECRETS_KEY is rotated while everything serves', () => {
  test('old and new servers sign and are believed, all is sealed anew, and the old key may go', async ({
    w,
  }) => {
    const { ring: before, openRing, rotate, keepHouse: round, signer } = keysOf(w);
    const first = await signer();
    const { keyId: next } = await rotate(false);
    const between = openRing(secrets(newKey, oldKey));
    await w.start({ SECRETS_KEY: `${newKey},${oldKey}` });
    const sealedAt = () => w.sql('select id, sealed_private_key as sealed from signing_keys order by id');
    const sealedBefore = await sealedAt();

    const work = { isOver: false };
    let believed = 0;
    const serving = (async () => {
      do {
        for (const ring of [before, between]) {
          await believe(w, await ring.sign({}, kind));
          believed += 1;
        }
        w.clock.advance(31 * second);
      } while (!work.isOver);
    })();
    expect(await round(secrets(newKey, oldKey))).toEqual([]);
    work.isOver = true;
    await serving;
    expect(believed).toBeGreaterThan(1);
    const sealedAfter = await sealedAt();
    expect(sealedAfter.map(({ id }) => id)).toEqual(sealedBefore.map(({ id }) => id));
    for (const [index, { sealed }] of sealedAfter.entries())
      expect(sealed).not.toEqual(sealedBefore[index]?.['sealed']);

    await w.start({ SECRETS_KEY: newKey });
    const alone = openRing(secrets(newKey));
    expect(await signer(alone)).toBe(first);
    expect(idsIn(await publishedTo(w.browser))).toEqual([first, next]);
    await believe(w, await alone.sign({}, kind));
    w.clock.advance(16 * minute);
    await believe(w, await before.sign({}, kind));
    expect(await signer(alone)).toBe(next);
  });

  test('what was left half done is finished by the next round, and nothing is lost meanwhile', async ({
    w,
  }) => {
    const { db, openRing, rotate, keepHouse: round, signer } = keysOf(w);
    await signer();
    const { keyId: second } = await rotate(true);
    const lost = new Error('the process is killed');
    const both = secrets(newKey, oldKey);
    await expect(
      inSystem(db, async (tx) => {
        await tendSigningKeys(tx, both, w.clock.now());
        throw lost;
      }),
    ).rejects.toThrow(lost);
    expect(await signer(openRing())).toBe(second);

    const held = Promise.withResolvers<undefined>();
    const locked = Promise.withResolvers<undefined>();
    const holding = inSystem(db, async (tx) => {
      await tx.selectFrom('signing_keys').select('id').where('id', '=', second).forUpdate().execute();
      locked.resolve(undefined);
      await held.promise;
    });
    await Promise.race([locked.promise, holding]);
    expect(await round(both)).toEqual([]);
    await expect(openRing(secrets(newKey)).publicKeys()).resolves.toMatchObject({ keys: [{}] });
    expect(await signer(openRing(both))).toBe(second);
    held.resolve(undefined);
    await holding;
    expect(await round(both)).toEqual([]);
    expect(await signer(openRing(secrets(newKey)))).toBe(second);
  });
});
