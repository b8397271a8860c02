import { setTimeout as sleep } from 'node:timers/promises';
import { recordEvent } from '../audit/index.ts';
import { noteDelivery } from '../control-plane/index.ts';
import type { Database, SystemTx } from '../db/scopes.ts';
import { enterCompany, inSystem } from '../db/scopes.ts';
import type { Clock } from '../kernel/clock.ts';
import { endMail, isNewestAbout } from '../mail/index.ts';
import type { ClaimedMail, MailEnd } from '../mail/index.ts';

type RecordDeps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly onEnd?: (end: MailEnd) => void;
  readonly onTrouble: (trouble: { readonly error: unknown; readonly what: string }) => void;
};

type Ended = { readonly mail: ClaimedMail; readonly end: MailEnd };

/** While the database is away, so long is tried: what is not written down is sent once more. */
const mostTries = 5;
const pauseMs = 500;

/**
 * Writes down how a try ended: on the mail, on its invitation, and in the trail where it was the last. Never rejects:
 * where it cannot be written, the lease ends, and the mail is due again.
 */
export async function recordMailEnd(deps: RecordDeps, ended: Ended): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    try {
      const at = deps.clock.now();
      if (await inSystem(deps.db, (tx) => record(tx, ended, at))) deps.onEnd?.(ended.end);
      return;
    } catch (error) {
      deps.onTrouble({ error, what: 'how a mail ended could not be written down' });
      if (tried === mostTries) return;
      await sleep(pauseMs * tried, undefined, { ref: false });
    }
  }
}

async function record(tx: SystemTx, { mail, end }: Ended, at: Date): Promise<boolean> {
  const { companyId, subjectId, content } = mail;
  if (!(await endMail(tx, { mail, end }, at))) return false;
  const isAboutInvitation = content.kind === 'invitation' && companyId !== null && subjectId !== null;
  if (isAboutInvitation && (await isNewestAbout(tx, mail))) {
    const error = 'error' in end ? end.error : null;
    const delivery = { companyId, invitationId: subjectId, status: end.status, error };
    await enterCompany(tx, companyId, (inside) => noteDelivery(inside, delivery));
  }
  if (end.status === 'failed_terminal') await recordFailure(tx, { mail, error: end.error }, at);
  return true;
}

async function recordFailure(
  tx: SystemTx,
  { mail, error }: { mail: ClaimedMail; error: string },
  at: Date,
): Promise<void> {
  const { companyId, subjectId, content, to } = mail;
  const event = {
    type: 'mail.failed',
    result: 'refused',
    actor: { kind: 'system' },
    subjectId: subjectId ?? mail.id,
    details: { kind: content.kind, email: to, error },
    ...(companyId !== null && { companyId }),
  } as const;
  await recordEvent(tx, event, at);
}
