import { recordEvent } from '../audit/index.ts';
import { inSystem } from '../db/scopes.ts';
import { endSession } from '../session/index.ts';
import type { Browser, SignInDeps } from './deps.ts';

/** Ends the browser's session on the server. Whoever holds none is signed out already. */
export async function signOut(deps: SignInDeps, { sessionToken, origin }: Browser): Promise<void> {
  const session = sessionToken === undefined ? undefined : await deps.sessionOf(sessionToken);
  if (session === undefined) return;
  const now = deps.clock.now();
  await inSystem(deps.db, async (tx) => {
    if (!(await endSession(tx, session.id, { because: 'signed_out', now }))) return;
    const actor = { kind: 'user', userId: session.userId } as const;
    const event = {
      type: 'session.ended',
      reason: 'signed_out',
      actor,
      subjectId: session.id,
      origin,
    } as const;
    await recordEvent(tx, event, now);
  });
}
