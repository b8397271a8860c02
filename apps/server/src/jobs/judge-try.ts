import { dayMs } from '../kernel/clock.ts';
import { nextTryAt } from '../mail/index.ts';
import type { ClaimedMail, MailEnd, SendOutcome } from '../mail/index.ts';

/** For so long a mail waits for a server that cannot be reached. */
const waitForServerMs = 3 * dayMs;

type Trying = {
  readonly mail: Pick<ClaimedMail, 'attempts' | 'createdAt'>;
  readonly at: Date;
  readonly maxAttempts: number;
  readonly retryBaseMs: number;
  readonly random: () => number;
};

/**
 * What becomes of a mail after this try. An answer to it uses up one of its tries; a server that cannot be reached uses
 * up none. The mail goes behind the others that are due: if it was this mail alone that the server fell silent at, it
 * keeps nobody else's.
 */
export function endOf(sent: SendOutcome, { mail, at, maxAttempts, retryBaseMs, random }: Trying): MailEnd {
  if (sent.outcome === 'sent') return { status: 'sent' };
  const { error } = sent;
  if (sent.outcome === 'unreachable') {
    const isOver = at.getTime() - mail.createdAt.getTime() > waitForServerMs;
    if (isOver) return { status: 'failed_terminal', error, attempts: mail.attempts };
    const dueAt = nextTryAt(at, { failures: 1, baseMs: retryBaseMs, random });
    return { status: 'failed_retryable', error, attempts: mail.attempts, dueAt };
  }
  const attempts = mail.attempts + 1;
  if (sent.outcome === 'refused' || attempts >= maxAttempts)
    return { status: 'failed_terminal', error, attempts };
  const dueAt = nextTryAt(at, { failures: attempts, baseMs: retryBaseMs, random });
  return { status: 'failed_retryable', error, attempts, dueAt };
}
