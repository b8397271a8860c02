import { recordEvent } from '../../audit/index.ts';
import type { Origin } from '../../audit/index.ts';
import { inSystem } from '../../db/scopes.ts';
import type { SystemTx } from '../../db/scopes.ts';
import { endSessionsOf, findTokenSession } from '../../session/index.ts';
import type { RefreshDeps } from './refresh-session.ts';

type Leaving = {
  /** Whose access token asked, if one did. */
  readonly session?: { readonly id: string; readonly userId: string } | undefined;
  readonly refreshToken?: string | undefined;
  readonly origin: Origin;
};

/** Ends the session on the server, whichever of its tokens is brought. Whoever holds none is signed out already. */
export async function endTokenSession(
  { db, clock, limits }: Pick<RefreshDeps, 'db' | 'clock' | 'limits'>,
  { session, refreshToken, origin }: Leaving,
): Promise<void> {
  const now = clock.now();
  await inSystem(db, async (tx) => {
    const found = session ?? (await behind(tx, refreshToken, now));
    if (found === undefined) return;
    const { id, userId } = found;
    const because = 'signed_out';
    const ended = await endSessionsOf(tx, { userId, id }, { because, limits, now, currentId: id });
    const event = {
      type: 'session.ended',
      reason: because,
      actor: { kind: 'user', userId },
      origin,
    } as const;
    for (const subjectId of ended) await recordEvent(tx, { ...event, subjectId }, now);
  });
}

async function behind(tx: SystemTx, refreshToken: string | undefined, now: Date) {
  return refreshToken === undefined ? undefined : await findTokenSession(tx, refreshToken, now);
}
