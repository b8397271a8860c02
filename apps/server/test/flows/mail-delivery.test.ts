import { describe, expect, test } from 'vitest';
import { inSystem } from '../../src/db/scopes.ts';
import { forgetMailFacts, forgetMails, queueMails } from '../../src/mail/index.ts';
import { dayMs, minuteMs, secondMs } from '../../src/kernel/clock.ts';
import { begin, mailScene, plainMail, retryBaseMs } from '../support/mail-scene.ts';
import { until } from '../support/processes.ts';

const scene = await mailScene();
const { house, work, mailer, queue } = scene;
const hourMs = 60 * minuteMs;
/** Long enough for a worker that was rung to do what it should not. */
const moment = () => new Promise((resolve) => setTimeout(resolve, 60));

describe('a mail on its way', () => {
  test('is sent as soon as it is queued, and its invitation knows', async () => {
    const mailbox = await scene.mailbox();
    work(mailer(mailbox));
    const { delivery } = await scene.invitation('grace@acme.example');
    await mailbox.newestTo('grace@acme.example', 1_000);
    await scene.untilAll('sent');
    expect(await scene.row()).toMatchObject({ attempts: 1, lease_id: null, last_error: null });
    expect(await delivery()).toEqual(['sent', null]);
  });

  test('M-06 that was committed before a crash is sent once the server runs again', async () => {
    await queue([plainMail('grace@acme.example')]);
    const mailbox = await scene.mailbox();
    work(mailer(mailbox));
    await scene.untilAll('sent');
    expect(mailbox.mails()).toHaveLength(1);
  });

  test('goes out nowhere while its transaction is open, and never if that fails', async () => {
    const mailbox = await scene.mailbox();
    const worker = work(mailer(mailbox));
    await expect(
      inSystem(house.db, async (tx) => {
        const policy = { kind: 'smtp', requireDelivery: true } as const;
        await queueMails(tx, policy, { mails: [plainMail('grace@acme.example')], at: begin });
        worker.ring();
        await moment();
        throw new Error('the invitation fails');
      }),
    ).rejects.toThrow('the invitation fails');
    worker.ring();
    await moment();
    expect(mailbox.mails()).toEqual([]);
  });

  test.each([
    [450, 'recipient_450', '450 4.2.1 The mailbox is busy, try again later'],
    [451, 'message_451', '451 4.3.0 Try again later'],
  ] as const)('is tried again after %d, each pause twice the one before', async (_code, fault, words) => {
    const mailbox = await scene.mailbox();
    mailbox.misbehave(fault);
    work(mailer(mailbox));
    const { delivery } = await scene.invitation('grace@acme.example');
    let expectedAt = begin.getTime();
    for (const failures of [1, 2, 3, 4]) {
      await until(async () => (await scene.row()).attempts === failures);
      expectedAt += retryBaseMs * 2 ** (failures - 1);
      expect(await scene.row()).toMatchObject({ status: 'failed_retryable', last_error: words });
      expect((await scene.row()).due_at).toEqual(new Date(expectedAt));
      expect(await delivery()).toEqual(['failed_retryable', words]);
      scene.advance(expectedAt - scene.clock.now().getTime() - 1);
      await moment();
      expect((await scene.row()).attempts, 'not a millisecond earlier').toBe(failures);
      scene.advance(1);
    }
    await scene.untilAll('failed_terminal');
    expect(await scene.row()).toMatchObject({ attempts: 5, ended_at: new Date(expectedAt) });
    expect(await delivery()).toEqual(['failed_terminal', words]);
  });

  test('that the server refuses for good is given up at once, and the trail says so', async () => {
    const mailbox = await scene.mailbox();
    work(mailer(mailbox));
    const { delivery, invitationId, companyId } = await scene.invitation('bounce@acme.example');
    await scene.untilAll('failed_terminal');
    expect(mailbox.connections()).toBe(1);
    expect(await delivery()).toEqual(['failed_terminal', '550 5.1.1 No such mailbox here']);
    const events = await house.events('mail.failed');
    expect(events.find((event) => event.subject_id === invitationId)).toMatchObject({
      company_id: companyId,
      result: 'refused',
      details: { kind: 'invitation', email: 'bounce@acme.example', error: '550 5.1.1 No such mailbox here' },
    });
  });

  test('one refused recipient keeps no other from getting theirs, over the same connection', async () => {
    const mailbox = await scene.mailbox();
    await queue(
      ['bounce-1@a.example', 'ada@a.example', 'bounce-2@a.example', 'ben@a.example'].map(plainMail),
    );
    work(mailer(mailbox), { hands: 1 });
    await mailbox.untilCount(2);
    await until(async () => (await scene.rows()).every(({ ended_at: endedAt }) => endedAt !== null));
    expect(mailbox.connections()).toBe(1);
  });

  test('that was sent clears the words of earlier failures', async () => {
    const mailbox = await scene.mailbox();
    mailbox.misbehave('recipient_452', 'once');
    work(mailer(mailbox));
    const { delivery } = await scene.invitation('grace@acme.example');
    await scene.untilAll('failed_retryable');
    scene.advance(retryBaseMs);
    await scene.untilAll('sent');
    expect(await delivery()).toEqual(['sent', null]);
    expect((await scene.row()).last_error).toBeNull();
  });

  test('reaches one mailbox in the order in which it was written, whatever is put off', async () => {
    const mailbox = await scene.mailbox();
    mailbox.misbehave('recipient_450', 'once');
    work(mailer(mailbox));
    await queue([plainMail('grace@acme.example')]);
    await scene.untilAll('failed_retryable');
    scene.advance(secondMs);
    await queue([plainMail('grace@acme.example')]);
    scene.advance(secondMs);
    await queue([plainMail('other@acme.example')]);
    await mailbox.newestTo('other@acme.example');
    await moment();
    expect(mailbox.mails()).toHaveLength(1);
    scene.advance(retryBaseMs);
    await mailbox.untilCount(3);
    const ids = (await scene.rows()).map(({ id }) => `<${id}@acme.example>`);
    const arrived = mailbox.mails().filter(({ envelope }) => envelope.to.includes('grace@acme.example'));
    expect(arrived.map(({ messageId }) => messageId)).toEqual(ids.slice(0, 2));
  });
});

test('a mail at which the server falls silent goes behind the others, and is sent in the end', async () => {
  const mailbox = await scene.mailbox();
  mailbox.misbehave('recipient_421', 'once');
  work(mailer(mailbox));
  await queue([plainMail('silent@acme.example')]);
  await scene.untilAll('failed_retryable');
  scene.advance(secondMs);
  await queue([plainMail('other@acme.example')]);
  scene.advance(2 * retryBaseMs);
  await mailbox.untilCount(2);
  expect(mailbox.mails().map(({ envelope }) => envelope.to[0])).toEqual([
    'other@acme.example',
    'silent@acme.example',
  ]);
});

describe('a mail that nobody needs any more', () => {
  test.each([
    ['revoked', `update invitations set status = 'revoked' where id = $1`],
    ['accepted', `update invitations set status = 'accepted', accepted_at = now() where id = $1`],
  ])('is not sent: its invitation was %s', async (_how, change) => {
    const mailbox = await scene.mailbox();
    const { invitationId, delivery } = await scene.invitation('grace@acme.example');
    await house.sql(change, [invitationId]);
    work(mailer(mailbox));
    await scene.untilAll('suppressed');
    expect(mailbox.connections()).toBe(0);
    expect(await delivery()).toEqual(['suppressed', null]);
  });

  test('is not sent: its invitation ran out, or its code did', async () => {
    const mailbox = await scene.mailbox();
    await scene.invitation('grace@acme.example', { expiresAt: new Date(begin.getTime() + hourMs) });
    const facts = {
      proofId: '0198c2f4-0000-7000-8000-000000000001',
      askedBy: 'Grace',
      expiresAt: new Date(begin.getTime() + 10 * minuteMs).toISOString(),
    };
    await queue([{ ...plainMail('ada@acme.example'), kind: 'email_proof', facts }]);
    scene.advance(hourMs);
    work(mailer(mailbox));
    await scene.untilAll('suppressed');
    expect(mailbox.connections()).toBe(0);
  });

  test('the end of an older mail about an invitation does not hide that of the newest', async () => {
    const mailbox = await scene.mailbox();
    mailbox.misbehave('recipient_450', 'once');
    const worker = work(mailer(mailbox));
    const { queueMail, delivery } = await scene.invitation('grace@acme.example');
    await scene.untilAll('failed_retryable');
    await worker.stop();
    scene.advance(secondMs);
    await queueMail();
    await house.sql(`update invitations set delivery_status = 'pending'`);
    const held = mailbox.hold('mail_message');
    work(mailer(mailbox));
    scene.advance(retryBaseMs);
    await held.arrived;
    mailbox.misbehave('message_554', 'once');
    held.release();
    await mailbox.untilCount(1);
    await until(async () => (await scene.rows()).every(({ ended_at: endedAt }) => endedAt !== null));
    expect((await scene.rows()).map(({ status }) => status)).toEqual(['failed_terminal', 'sent']);
    expect(await delivery()).toEqual(['sent', null]);
  });
});

describe('what is kept of a mail', () => {
  test('M-10 its facts are gone a day after its end, the row after ninety; a waiting one keeps all', async () => {
    const mailbox = await scene.mailbox();
    const worker = work(mailer(mailbox));
    await queue([plainMail('grace@acme.example')]);
    await scene.untilAll('sent');
    await worker.stop();
    scene.advance(secondMs); // the order of ids is that of moments
    await queue([plainMail('ada@acme.example')]);
    const forget = async (afterMs: number) => {
      const at = new Date(begin.getTime() + afterMs);
      return await inSystem(house.db, async (tx) => [
        await forgetMailFacts(tx, at),
        await forgetMails(tx, at),
      ]);
    };
    expect(await forget(dayMs)).toEqual([0, 0]);
    expect(await forget(dayMs + 1)).toEqual([1, 0]);
    expect((await scene.rows()).map(({ facts }) => facts)).toEqual([{}, { company: 'Acme Rockets' }]);
    expect(await forget(90 * dayMs + 1)).toEqual([0, 1]);
    expect((await scene.rows()).map(({ status }) => status)).toEqual(['pending']);
  });
});
