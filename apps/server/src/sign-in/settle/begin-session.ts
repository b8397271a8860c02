import { recordEvent } from '../../audit/index.ts';
import type { SystemTx } from '../../db/scopes.ts';
import { startSession } from '../../session/index.ts';
import type { LiveSession } from '../../session/index.ts';
import type { Browser, Hold } from '../deps.ts';

type Beginning = {
  /** What the browser is to hold. */
  readonly token: string;
  readonly userId: string;
  readonly connectionId: string;
  readonly browser: Browser;
  readonly reference: string;
  /** Whether what its person has shown lets them do what is dangerous. */
  readonly isProof: boolean;
  readonly now: Date;
};

/** Rotation at sign-in: what the browser held until now ends in the transaction that starts the new session. */
export async function beginSession(
  tx: SystemTx,
  hold: Hold,
  { token, userId, connectionId, browser, reference, isProof, now }: Beginning,
): Promise<LiveSession> {
  const during = { limits: hold.limits, now };
  const heldToken = hold.tokenOf(browser);
  const held = heldToken === undefined ? undefined : await hold.find(tx, heldToken, during);
  const { origin } = browser;
  const started = {
    kind: hold.kind,
    token,
    userId,
    connectionId,
    signedInWith: connectionId,
    origin,
    isProof,
  };
  const { session, gaveWay } = await startSession(
    tx,
    { ...started, ...(held && { replaces: held }) },
    during,
  );
  const by = { actor: { kind: 'user', userId }, origin, reference } as const;
  const ended = gaveWay.map(({ id, because }) =>
    recordEvent(tx, { type: 'session.ended', reason: because, subjectId: id, ...by }, now),
  );
  const details = { connection: connectionId };
  const began = recordEvent(tx, { type: 'session.started', subjectId: session.id, details, ...by }, now);
  await Promise.all([...ended, began]);
  return session;
}
