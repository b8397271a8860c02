import { recordEvent } from '../../audit/index.ts';
import { hasSecondFactor, lockSecondFactor, readPassword, useAppCode } from '../../credential/index.ts';
import type { OwnPassword, PasswordHashes } from '../../credential/index.ts';
import { inSystem } from '../../db/scopes.ts';
import type { SystemTx } from '../../db/scopes.ts';
import { AppError } from '../../kernel/errors.ts';
import type { ErrorCode } from '../../kernel/errors.ts';
import { freshUntil, lockSessionsOf, markProved } from '../../session/index.ts';
import type { Renewed } from '../own-invitations.ts';
import { decideStepUp } from './decide-step-up.ts';
import type { StepUpWay } from './decide-step-up.ts';
import { toOneself, decideIn, goOn, refuse } from './secure.ts';
import type { Asking, Result, SecurityDeps } from './secure.ts';

export type StepUpDeps = SecurityDeps & {
  /** Absent where the policy knows no passwords. */
  readonly hashes: PasswordHashes | undefined;
};

export type Given = { readonly password?: string | undefined; readonly code?: string | undefined };

/** Until when the session is fresh, and by what it becomes so again. */
export async function readStepUp(
  deps: StepUpDeps,
  { session }: Asking,
): Promise<{ readonly freshUntil: Date | null; readonly ways: readonly StepUpWay[] }> {
  const { way } = await inSystem(deps.db, (tx) => readWay(tx, deps, session.userId));
  const until = freshUntil(session);
  return { freshUntil: until > deps.clock.now() ? until : null, ways: [way] };
}

type Asked = { readonly way: StepUpWay; readonly password: OwnPassword | undefined };

async function readWay(tx: SystemTx, { hashes }: StepUpDeps, userId: string): Promise<Asked> {
  const [hasApp, password] = await Promise.all([hasSecondFactor(tx, userId), readPassword(tx, userId)]);
  return {
    way: decideStepUp({ hasApp, hasPassword: password !== undefined && hashes !== undefined }),
    password,
  };
}

/**
 * Its person proves once more who they are. The session is fresh for ten minutes, under another id.
 * @throws AppError `credentials_invalid`, `mfa_code_invalid`, `step_up_required` where only a sign-in helps, `rate_limited`
 */
export async function stepUp(deps: StepUpDeps, asking: Asking, given: Given): Promise<Renewed> {
  const { userId, lineageId } = asking.session;
  const asked = await inSystem(deps.db, (tx) => readWay(tx, deps, userId));
  mustBeGiven(asked.way, given);
  await deps.countTry('step_up', lineageId);
  // No transaction is open while a password is hashed.
  const fits = asked.way === 'password' && (await hasPassword(deps, asked, given.password));
  return await decideIn(deps.db, (tx) => prove(tx, deps, { asking, asked, fits, code: given.code ?? '' }));
}

/** @throws AppError `step_up_required`, `request_invalid` */
function mustBeGiven(way: StepUpWay, { password, code }: Given): void {
  if (way === 'sign_in') throw new AppError('step_up_required', { finding: 'sign_in' });
  const isGiven = way === 'code' ? code !== undefined : password !== undefined;
  if (isGiven) return;
  const detail = way === 'code' ? 'A code of the authenticator app is needed.' : 'The password is needed.';
  throw new AppError('request_invalid', { detail });
}

async function hasPassword({ hashes }: StepUpDeps, { password: known }: Asked, typed = ''): Promise<boolean> {
  if (hashes === undefined || known === undefined) return false;
  return (await hashes.compare(typed, known.hash)) !== 'wrong';
}

type Proving = {
  readonly asking: Asking;
  readonly asked: Asked;
  readonly fits: boolean;
  readonly code: string;
};

async function prove(
  tx: SystemTx,
  deps: StepUpDeps,
  { asking, asked, fits, code }: Proving,
): Promise<Result<Renewed>> {
  const now = deps.clock.now();
  const { id, userId } = asking.session;
  await lockSecondFactor(tx, userId);
  const found = await readWay(tx, deps, userId); // it may be another password by now, or an app
  const isAsStill =
    found.way === asked.way && found.password?.setAt.getTime() === asked.password?.setAt.getTime();
  const isProven = asked.way === 'code' ? await useAppCode(tx, deps.sealer, { userId, code, now }) : fits;
  if (!isAsStill || !isProven) {
    const reason: ErrorCode = asked.way === 'code' ? 'mfa_code_invalid' : 'credentials_invalid';
    return await refuse(tx, asking, { type: 'step_up.refused', reason, now });
  }
  await lockSessionsOf(tx, userId); // before any session's own
  await markProved(tx, id, now);
  await recordEvent(
    tx,
    { type: 'session.stepped_up', details: { by: asked.way }, ...toOneself(asking) },
    now,
  );
  return { outcome: 'done', answer: await goOn(tx, asking, { renew: deps.renew, now }) };
}
