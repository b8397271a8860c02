import { recordEvent } from '../audit/index.ts';
import type { AuditEvent } from '../audit/index.ts';
import type { SystemTx } from '../db/scopes.ts';
import { AppError } from '../kernel/errors.ts';
import { randomToken } from '../kernel/tokens.ts';
import { rotateSession } from '../session/index.ts';
import type { LiveSession } from '../session/index.ts';

/** Who did what the session is renewed for, and where. */
type By = Pick<AuditEvent, 'actor' | 'origin' | 'reference'>;

/**
 * The session that took another one's place, and the token that its browser holds from now on. A token pair goes on as it
 * was, without.
 */
export type Renewed = { readonly session: LiveSession; readonly token: string | undefined };

/**
 * What its person may do has changed: the session gets another id and token. None where somebody else has just done so.
 * @throws AppError `unauthenticated` where the session was ended meanwhile: nothing that it asked for has happened.
 */
export async function renewSession(
  tx: SystemTx,
  { id, userId, by }: { id: string; userId: string; by: By },
  now: Date,
): Promise<Renewed | undefined> {
  const token = randomToken();
  const rotation = await rotateSession(tx, { id, userId }, { token, now });
  if (rotation.outcome === 'over') {
    if (rotation.because === 'replaced') return undefined;
    throw new AppError('unauthenticated');
  }
  const { session } = rotation;
  if (rotation.outcome === 'kept') return { session, token: undefined };
  await recordRenewal(tx, { endedId: id, session, by }, now);
  return { session, token };
}

export async function recordRenewal(
  tx: SystemTx,
  { endedId, session, by }: { endedId: string; session: LiveSession; by: By },
  now: Date,
): Promise<void> {
  await recordEvent(tx, { type: 'session.ended', reason: 'replaced', subjectId: endedId, ...by }, now);
  const details = { connection: session.connectionId };
  const started = { type: 'session.started', reason: 'rotated', subjectId: session.id, details } as const;
  await recordEvent(tx, { ...started, ...by }, now);
}
