import { recordEvent } from '../audit/index.ts';
import type { Origin } from '../audit/index.ts';
import type { Database } from '../db/scopes.ts';
import { inSystem } from '../db/scopes.ts';
import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import { endSessionsOf, listSessionsOf } from '../session/index.ts';
import type { OwnSession, SessionLimits } from '../session/index.ts';

export type OwnSessionsDeps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly limits: SessionLimits;
};

/** Who asks, through which session. One that sees one company only reads and ends itself alone. */
export type Asking = {
  readonly userId: string;
  readonly sessionId: string;
  readonly companyId?: string | undefined;
  readonly origin: Origin;
};

/** This session first, then by last use. */
export async function listOwnSessions(
  { db, clock, limits }: OwnSessionsDeps,
  { userId, sessionId, companyId }: Asking,
): Promise<OwnSession[]> {
  const now = clock.now();
  const onlyId = companyId === undefined ? undefined : sessionId;
  const during = { limits, now, currentId: sessionId };
  const found = await inSystem(db, (tx) => listSessionsOf(tx, { userId, onlyId }, during));
  const current = found.filter(({ id }) => id === sessionId).map((own) => ({ ...own, lastSeenAt: now }));
  return [...current, ...found.filter(({ id }) => id !== sessionId)];
}

/** Ends one session. @throws AppError `not_found`, whether it is somebody else's, over, or never was. */
export async function endOwnSession(deps: OwnSessionsDeps, asking: Asking, id: string): Promise<void> {
  const { userId, sessionId, companyId } = asking;
  const isCurrent = id === sessionId;
  const isSeen = companyId === undefined || isCurrent;
  const because = isCurrent ? 'signed_out' : 'revoked';
  const ended = isSeen ? await endAndRecord(deps, asking, { which: { userId, id }, because }) : [];
  if (ended.length === 0) throw new AppError('not_found');
}

/** Ends every session of the person but the one that asks. */
export async function endOtherSessions(deps: OwnSessionsDeps, asking: Asking): Promise<void> {
  const { userId, sessionId, companyId } = asking;
  if (companyId !== undefined) return; // it sees no other
  await endAndRecord(deps, asking, { which: { userId, butFor: sessionId }, because: 'revoked' });
}

type Ending = {
  readonly which: Parameters<typeof endSessionsOf>[1];
  readonly because: 'signed_out' | 'revoked';
};

async function endAndRecord(
  { db, clock, limits }: OwnSessionsDeps,
  { userId, sessionId, origin }: Asking,
  { which, because }: Ending,
): Promise<string[]> {
  const now = clock.now();
  return await inSystem(db, async (tx) => {
    const ended = await endSessionsOf(tx, which, { because, limits, now, currentId: sessionId });
    const event = {
      type: 'session.ended',
      reason: because,
      actor: { kind: 'user', userId },
      origin,
    } as const;
    for (const subjectId of ended) await recordEvent(tx, { ...event, subjectId }, now);
    return ended;
  });
}
