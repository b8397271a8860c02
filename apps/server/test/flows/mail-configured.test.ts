import { openMailbox } from '@gatehouse/stand-ins';
import type { Mailbox, MailboxOptions } from '@gatehouse/stand-ins';
import { describe, expect } from 'vitest';
import { newId } from '../../src/kernel/ids.ts';
import { scrape } from '../support/scrape.ts';
import { test as base } from '../support/world.ts';
import type { World } from '../support/world.ts';

const prefix = 'CLOUDGRID_INVITATION_EMAIL';

const test = base
  .extend('mailboxOptions', {} as MailboxOptions)
  .extend('mailbox', async ({ mailboxOptions }, { onCleanup }): Promise<Mailbox> => {
    const mailbox = await openMailbox(mailboxOptions);
    onCleanup(mailbox.close);
    return mailbox;
  })
  .extend('environment', ({ mailbox }) => ({
    [`${prefix}_SMTP_HOST`]: mailbox.smtp.host,
    [`${prefix}_SMTP_PORT`]: String(mailbox.smtp.port),
    [`${prefix}_SMTP_TLS`]: 'none',
    [`${prefix}_FROM`]: 'Gatehouse <gate@acme.example>',
    [`${prefix}_RETRY_BASE_SECONDS`]: '5',
    METRICS_PORT: '0',
  }));

/** A mail in the outbox, as a transaction of any process would leave it. */
async function queued(w: World, kind: string, facts: object): Promise<string> {
  const id = newId(w.clock.now());
  const values = [id, kind, JSON.stringify(facts), w.clock.now()];
  await w.sql(
    `insert into mails (id, kind, address, facts, status, created_at, due_at)
     values ($1, $2, 'grace@acme.example', $3, 'pending', $4, $4)`,
    values,
  );
  return id;
}

const statusOf = async (w: World) => (await w.sql<{ status: string }>('select status from mails'))[0]?.status;

describe('a server that is told of a mail server', () => {
  test('hears of a mail in the outbox, and sends it at once', async ({ w, mailbox }) => {
    const id = await queued(w, 'join_approved', { company: 'Acme' });
    const mail = await mailbox.newestTo('grace@acme.example', 3_000);
    expect(mail.messageId).toBe(`<${id}@acme.example>`);
    expect(mail.from).toBe('"Gatehouse" <gate@acme.example>');
    expect(mail.text).toContain(`${w.publicOrigin.origin}/`);
    await expect.poll(() => statusOf(w)).toBe('sent');
    const samples = await scrape(w);
    expect(samples.get('gatehouse_mails_total{outcome="sent"}')).toBe(1);
    expect(samples.get('gatehouse_mails_oldest_seconds')).toBe(0);
  });

  test('works out the code of a proof when it sends it, the same at every try', async ({ w, mailbox }) => {
    mailbox.misbehave('message_kept_then_dropped', 'once');
    const proofId = newId(w.clock.now());
    const expiresAt = new Date(w.clock.now().getTime() + 600_000).toISOString();
    await queued(w, 'email_proof', { proofId, askedBy: 'Grace', expiresAt });
    await mailbox.untilCount(1, 3_000);
    await expect.poll(() => statusOf(w)).toBe('failed_retryable');
    w.clock.advance(6_000);
    await w.sql(`select pg_notify('gatehouse_mails', '')`);
    await mailbox.untilCount(2, 3_000);
    const codes = [];
    for (const mail of mailbox.mails())
      codes.push(/\b(\d{3} \d{3})\b/.exec((await mailbox.read(mail)).text)?.[1]);
    expect(codes[0]).toMatch(/^\d{3} \d{3}$/);
    expect(codes[1]).toBe(codes[0]);
    const kept = JSON.stringify(await w.sql('select * from mails'));
    expect(kept).not.toContain(codes[0]?.replace(' ', ''));
    expect(w.logLines.join('')).not.toContain(codes[0]?.replace(' ', ''));
  });

  test('lets its mails wait where the server offers no encryption and it must', async ({ w, mailbox }) => {
    await w.start({ [`${prefix}_SMTP_TLS`]: 'starttls' });
    await queued(w, 'join_approved', { company: 'Acme' });
    await expect.poll(() => statusOf(w), { timeout: 5_000 }).toBe('failed_retryable');
    expect(mailbox.mails()).toEqual([]);
    const [row] = await w.sql<{ last_error: string }>('select last_error from mails');
    expect(row?.last_error).toMatch(/^The mail server /);
  });

  test('sends what is under way before it ends', async ({ w, mailbox }) => {
    const held = mailbox.hold('mail_message');
    await queued(w, 'join_approved', { company: 'Acme' });
    await held.arrived;
    const stopped = w.stop();
    held.release();
    await stopped;
    expect(await statusOf(w)).toBe('sent');
    expect(mailbox.mails()).toHaveLength(1);
  });
});

describe('a mail server that wants a login', () => {
  const login = { username: 'gate', password: 'a-password-of-its-own' };
  const withLogin = test.override('mailboxOptions', { login });

  withLogin('gets it', async ({ w, mailbox }) => {
    const words = {
      [`${prefix}_SMTP_USERNAME`]: login.username,
      [`${prefix}_SMTP_PASSWORD`]: login.password,
    };
    await w.start(words);
    await queued(w, 'join_approved', { company: 'Acme' });
    await mailbox.newestTo('grace@acme.example', 3_000);
  });

  withLogin('and one that is wrong costs no mail, and is told to nobody', async ({ w, mailbox }) => {
    const wrong = {
      [`${prefix}_SMTP_USERNAME`]: login.username,
      [`${prefix}_SMTP_PASSWORD`]: 'an-older-password',
    };
    await w.start(wrong);
    await queued(w, 'join_approved', { company: 'Acme' });
    await expect.poll(() => statusOf(w), { timeout: 5_000 }).toBe('failed_retryable');
    expect(w.logLines.join('')).toContain('mails have to wait');
    expect(w.logLines.join('')).not.toContain('an-older-password');
    expect(mailbox.mails()).toEqual([]);
  });
});
