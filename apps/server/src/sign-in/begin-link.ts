import type { LinkPurpose } from '../attempt/index.ts';
import { inSystem } from '../db/scopes.ts';
import { AppError } from '../kernel/errors.ts';
import { freshUntil } from '../session/index.ts';
import type { Browser, SignInDeps } from './deps.ts';

type Beginning = Pick<LinkPurpose, 'surface' | 'returnTo'> & { readonly browser: Browser };

/**
 * For whom another way in is to be added: whoever is signed in here, and has just shown that it is them.
 * @throws AppError `unauthenticated`, `step_up_required`
 */
export async function purposeOfLinking(
  { db, clock, holds }: SignInDeps,
  { surface, returnTo, browser }: Beginning,
): Promise<LinkPurpose> {
  const hold = surface === 'cookie' ? holds.session : holds.token_pair;
  const now = clock.now();
  const token = hold.tokenOf(browser);
  const session =
    token === undefined
      ? undefined
      : await inSystem(db, (tx) => hold.find(tx, token, { limits: hold.limits, now }));
  if (session === undefined) throw new AppError('unauthenticated');
  if (freshUntil(session) <= now) throw new AppError('step_up_required');
  return { kind: 'link', userId: session.userId, sessionId: session.id, surface, returnTo };
}
