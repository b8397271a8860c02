import { recordEvent } from '../audit/index.ts';
import { inSystem } from '../db/scopes.ts';
import { endLine } from '../session/index.ts';
import type { Browser, SignInDeps } from './deps.ts';

/**
 * Ends the browser's session on the server, also where it is given another id at the same moment. Whoever holds none is
 * signed out already.
 */
export async function signOut(deps: SignInDeps, { sessionToken, origin }: Browser): Promise<void> {
  const session = sessionToken === undefined ? undefined : await deps.sessionOf(sessionToken);
  if (session === undefined) return;
  const now = deps.clock.now();
  await inSystem(deps.db, async (tx) => {
    const ended = await endLine(tx, session, now);
    const actor = { kind: 'user', userId: session.userId } as const;
    const event = { type: 'session.ended', reason: 'signed_out', actor, origin } as const;
    await Promise.all(ended.map((subjectId) => recordEvent(tx, { ...event, subjectId }, now)));
  });
}
