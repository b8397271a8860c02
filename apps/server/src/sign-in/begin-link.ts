import type { LinkPurpose } from '../attempt/index.ts';
import { inSystem } from '../db/scopes.ts';
import { AppError } from '../kernel/errors.ts';
import { freshUntil } from '../session/index.ts';
import type { LiveSession } from '../session/index.ts';
import type { Browser, SignInDeps } from './deps.ts';

/** The session of this browser's cookie. @throws AppError `unauthenticated` */
export async function sessionOfCookie(
  { db, clock, holds: { session: hold } }: SignInDeps,
  browser: Browser,
): Promise<LiveSession> {
  const now = clock.now();
  const token = hold.tokenOf(browser);
  const session =
    token === undefined
      ? undefined
      : await inSystem(db, (tx) => hold.find(tx, token, { limits: hold.limits, now }));
  if (session === undefined) throw new AppError('unauthenticated');
  return session;
}

/** For whom another way in is to be added: whoever has just shown that it is them. @throws AppError `step_up_required` */
export function purposeOfLinking(
  { id: sessionId, kind: surface, userId, ...session }: LiveSession,
  { returnTo, now }: { returnTo: string; now: Date },
): LinkPurpose {
  if (freshUntil(session) <= now) throw new AppError('step_up_required');
  return { kind: 'link', userId, sessionId, surface, returnTo };
}
