import { recordEvent } from '../../audit/index.ts';
import type { SystemTx } from '../../db/scopes.ts';
import type { ErrorCode } from '../../kernel/errors.ts';
import type { Asking } from './password-deps.ts';

export type Refused = { readonly outcome: 'refused'; readonly reason: ErrorCode };

/** Writes down that somebody did not come in. Of somebody unknown nothing is written that tells who they are. */
export async function refuse(
  tx: SystemTx,
  { browser, reference }: Asking,
  { reason, userId, now }: { reason: ErrorCode; userId?: string | undefined; now: Date },
): Promise<Refused> {
  const event = { type: 'sign_in.refused', result: 'refused', actor: { kind: 'nobody' } } as const;
  const details = { code: reason, connection: 'password' };
  const why = { reason, reference, origin: browser.origin, details };
  await recordEvent(tx, { ...event, ...(userId !== undefined && { subjectId: userId }), ...why }, now);
  return { outcome: 'refused', reason };
}
