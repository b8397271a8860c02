import { recordEvent } from '../audit/index.ts';
import { inSystem } from '../db/scopes.ts';
import { endLine } from '../session/index.ts';
import type { Browser, SignInDeps } from './deps.ts';

/**
 * Ends the browser's session on the server, also where it has been given another id, or is at this moment. Whoever holds none is
 * signed out already.
 */
export async function signOut(
  { db, clock }: Pick<SignInDeps, 'db' | 'clock'>,
  { sessionToken, origin }: Browser,
): Promise<void> {
  if (sessionToken === undefined) return;
  const now = clock.now();
  await inSystem(db, async (tx) => {
    const line = await endLine(tx, sessionToken, now);
    if (line === undefined) return;
    const actor = { kind: 'user', userId: line.userId } as const;
    const event = { type: 'session.ended', reason: 'signed_out', actor, origin } as const;
    await Promise.all(line.ended.map((subjectId) => recordEvent(tx, { ...event, subjectId }, now)));
  });
}
