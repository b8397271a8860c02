import { expect, test } from 'vitest';
import { Secret, TOTP } from 'otpauth';
import { appSealer } from '../../src/build-security.ts';
import {
  beginTotp,
  enableSecondFactor,
  forgetUnconfirmedTotp,
  resealTotpSecrets,
  useAppCode,
} from '../../src/credential/index.ts';
import { inSystem } from '../../src/db/scopes.ts';
import { Secret as Hidden } from '../../src/kernel/secret.ts';
import { houseOfThisFile } from '../support/house.ts';

const house = await houseOfThisFile();
const key = (byte: number) => new Hidden(Buffer.alloc(32, byte).toString('base64'));
const [older, newer] = [key(1), key(2)];
const codeAt = (secret: string, at: Date) =>
  TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: at.getTime() });

/** Somebody whose app was sealed under the older master key. */
async function enrolled(name: string) {
  const userId = await house.user(name);
  const sealer = appSealer([older]);
  const now = new Date();
  const secret = await inSystem(house.db, async (tx) => {
    const begun = (await beginTotp(tx, sealer, { userId, now })) ?? '';
    await enableSecondFactor(tx, sealer, { userId, code: codeAt(begun, now), now });
    return begun;
  });
  const later = (steps: number) => new Date(now.getTime() + steps * 30_000);
  const use = (masterKeys: readonly Hidden[], at: Date) =>
    inSystem(house.db, (tx) =>
      useAppCode(tx, appSealer(masterKeys), { userId, code: codeAt(secret, at), now: at }),
    );
  return { userId, later, use };
}

const reseal = (masterKeys: readonly Hidden[]) =>
  inSystem(house.db, (tx) => resealTotpSecrets(tx, appSealer(masterKeys)));

test('an app goes on while the master key is rotated, and then under the new one alone', async () => {
  const ada = await enrolled('Ada');
  expect(await ada.use([newer, older], ada.later(1))).toBe(true);
  expect(await reseal([older]), 'nothing to do').toBe(0);
  expect(await reseal([newer]), 'what does not open stays').toBe(0);
  expect([await reseal([newer, older]), await reseal([newer, older])]).toEqual([1, 0]);
  expect(await ada.use([newer], ada.later(2))).toBe(true);
  await expect(ada.use([older], ada.later(3))).rejects.toThrow(/does not open/);
});

test('what was sealed for one person opens for nobody else', async () => {
  const [grace, victor] = [await enrolled('Grace'), await enrolled('Victor')];
  await house.sql(
    'update totp_secrets set sealed_secret = (select sealed_secret from totp_secrets where user_id = $1) where user_id = $2',
    [grace.userId, victor.userId],
  );
  await expect(victor.use([older], victor.later(1))).rejects.toThrow(/does not open/);
  expect(await grace.use([older], grace.later(1))).toBe(true);
});

test('one whose code was never typed back is forgotten after a day, one that counts is not', async () => {
  const nora = await enrolled('Nora');
  const userId = await house.user('Paul');
  const now = new Date();
  await inSystem(house.db, (tx) => beginTotp(tx, appSealer([older]), { userId, now }));
  const after = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
  const forget = (at: Date) => inSystem(house.db, (tx) => forgetUnconfirmedTotp(tx, at));
  expect([await forget(after(24 * 60 - 1)), await forget(after(24 * 60))]).toEqual([0, 1]);
  expect(await nora.use([older], nora.later(1))).toBe(true);
});
