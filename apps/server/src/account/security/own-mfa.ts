import {
  beginTotp,
  disableSecondFactor,
  enableSecondFactor,
  hasSecondFactor,
  lockSecondFactor,
  readSecondFactor,
  renewRecoveryCodes,
  totpUri,
} from '../../credential/index.ts';
import type { SecondFactor } from '../../credential/index.ts';
import { inSystem } from '../../db/scopes.ts';
import { readUser } from '../../identity/index.ts';
import type { Renewed } from '../own-invitations.ts';
import { decideIn, mustBeFresh, recordAndTell, refuse, startAnew } from './secure.ts';
import type { Asking, SecurityDeps } from './secure.ts';
import { readDisplayName, readPrimaryAddress } from './security-view.ts';

export type OwnMfaDeps = SecurityDeps & {
  /** What an authenticator app shows above the account: the host that people know. */
  readonly issuer: string;
};

export async function readOwnMfa({ db }: OwnMfaDeps, { session }: Asking): Promise<SecondFactor> {
  return await inSystem(db, (tx) => readSecondFactor(tx, session.userId));
}

/**
 * Makes the secret for an authenticator app. It counts for nothing until a code of it is typed back.
 * @throws AppError `step_up_required`, `mfa_enabled`
 */
export async function enrolApp(
  { db, clock, sealer, issuer }: OwnMfaDeps,
  { session }: Asking,
): Promise<{ readonly secret: string; readonly uri: string }> {
  const now = clock.now();
  const { userId } = session;
  mustBeFresh(session, now);
  return await decideIn(db, async (tx) => {
    await lockSecondFactor(tx, userId);
    const secret = await beginTotp(tx, sealer, { userId, now });
    if (secret === undefined) return { outcome: 'refused', reason: 'mfa_enabled' };
    const account = (await readPrimaryAddress(tx, userId)) ?? (await readDisplayName(tx, userId));
    return { outcome: 'done', answer: { secret, uri: totpUri(secret, { issuer, account }) } };
  });
}

type Codes = { readonly recoveryCodes: readonly string[] };

/**
 * A code of the app was typed back: from now on one is asked for beside the password. Every other session ends.
 * @throws AppError `step_up_required`, `mfa_code_invalid`, `mfa_enabled`, `rate_limited`
 */
export async function confirmApp(
  deps: OwnMfaDeps,
  asking: Asking,
  code: string,
): Promise<Codes & { readonly renewed: Renewed }> {
  const now = deps.clock.now();
  const { userId, lineageId } = asking.session;
  mustBeFresh(asking.session, now);
  await deps.countTry('step_up', lineageId);
  return await decideIn(deps.db, async (tx) => {
    await lockSecondFactor(tx, userId);
    await readUser(tx, userId); // a sign-in by password is over, and ends below, or asks for a code
    if (await hasSecondFactor(tx, userId)) return { outcome: 'refused', reason: 'mfa_enabled' };
    const recoveryCodes = await enableSecondFactor(tx, deps.sealer, { userId, code, now });
    if (recoveryCodes === undefined)
      return await refuse(tx, asking, { type: 'mfa.refused', reason: 'mfa_code_invalid', now });
    const done = { type: 'mfa.enabled', notice: 'mfa_enabled' } as const;
    await recordAndTell(tx, asking, { done, mailPolicy: deps.mailPolicy, now });
    const renewed = await startAnew(tx, asking, { ...deps, now });
    return { outcome: 'done', answer: { recoveryCodes, renewed } };
  });
}

/** From now on the password alone signs in. Every other session ends. @throws AppError `step_up_required`, `not_found` */
export async function removeApp(deps: OwnMfaDeps, asking: Asking): Promise<Renewed> {
  const now = deps.clock.now();
  const { userId } = asking.session;
  mustBeFresh(asking.session, now);
  return await decideIn(deps.db, async (tx) => {
    await lockSecondFactor(tx, userId);
    if (!(await disableSecondFactor(tx, userId))) return { outcome: 'refused', reason: 'not_found' };
    const done = { type: 'mfa.disabled', notice: 'mfa_disabled' } as const;
    await recordAndTell(tx, asking, { done, mailPolicy: deps.mailPolicy, now });
    return { outcome: 'done', answer: await startAnew(tx, asking, { ...deps, now }) };
  });
}

/** Makes recovery codes in the place of all that there were. @throws AppError `step_up_required`, `not_found` */
export async function renewCodes(deps: OwnMfaDeps, asking: Asking): Promise<Codes> {
  const now = deps.clock.now();
  const { userId } = asking.session;
  mustBeFresh(asking.session, now);
  return await decideIn(deps.db, async (tx) => {
    await lockSecondFactor(tx, userId);
    if (!(await hasSecondFactor(tx, userId))) return { outcome: 'refused', reason: 'not_found' };
    const recoveryCodes = await renewRecoveryCodes(tx, userId);
    const done = { type: 'mfa.recovery_codes_renewed', notice: 'recovery_codes_renewed' } as const;
    await recordAndTell(tx, asking, { done, mailPolicy: deps.mailPolicy, now });
    return { outcome: 'done', answer: { recoveryCodes } };
  });
}
