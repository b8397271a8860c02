import { Invitation, LandingInvitation, NewInvitationsAnswer } from '@gatehouse/contract';
import { describe, expect, test } from 'vitest';
import { dayMs, minuteMs } from '../../src/kernel/clock.ts';
import { newId } from '../../src/kernel/ids.ts';
import { houseOfThisFile } from '../support/house.ts';
import { inviting } from '../support/inviting.ts';

const house = await houseOfThisFile({ kind: 'smtp', requireDelivery: true });
const { company, newAddress, accept } = inviting(house);

const mailsTo = async (address: string) =>
  await house.sql<{ kind: string; subject_id: string; status: string; facts: object }>(
    'select kind, subject_id, status, facts from mails where address = $1 order by id',
    [address],
  );

async function invited() {
  const place = await company();
  await house.project(place.companyId, 'apollo');
  const email = newAddress();
  const grants = [{ project: 'apollo', role: 'editor' }];
  const id = (await place.invite([email], grants))[0]?.invitation?.id ?? '';
  const resend = async (who = place.admin) => await house.by(who).POST(`${place.url}/${id}/resend`);
  return { ...place, email, id, grants, resend };
}

describe('the mail of an invitation', () => {
  test('is queued with it: who invites, to what, until when, and no secret', async () => {
    const { email, id, slug } = await invited();
    expect(await mailsTo(email)).toMatchObject([
      {
        kind: 'invitation',
        subject_id: id,
        status: 'pending',
        facts: {
          invitationId: id,
          company: `The company ${slug}`,
          inviter: 'Ada',
          grants: [{ role: 'editor' }],
        },
      },
    ]);
  });

  test('says that it waits to be sent, in the answer and in the list', async () => {
    const { list } = await invited();
    expect((await list()).items).toMatchObject([{ deliveryStatus: 'pending', lastDeliveryError: null }]);
  });

  test('is not sent again for somebody who waits already, is a member, or cannot be read', async () => {
    const { companyId, invite, email } = await invited();
    const grace = await house.user('Grace', newAddress());
    await house.member(companyId, grace);
    await invite([email, email, 'no address']);
    expect(await mailsTo(email)).toHaveLength(1);
  });

  test('a mailbox that had its share for today fails the whole call, and nothing is written', async () => {
    const { companyId, url, admin } = await company();
    const full = newAddress();
    await house.sql(
      `insert into mails (id, company_id, kind, address, facts, status, created_at, due_at)
       select gen_random_uuid(), $1, 'invitation', $2, '{}', 'sent', $3, $3 from generate_series(1, 20)`,
      [companyId, full, house.clock.now()],
    );
    const fresh = newAddress();
    const answer = await house.by(admin).POST(url, { emails: [fresh, full] });
    expect(answer).toMatchObject({ status: 503, code: 'mail_not_queued' });
    expect(await mailsTo(fresh)).toEqual([]);
    expect(await house.sql('select from invitations where company_id = $1', [companyId])).toEqual([]);
    expect((await house.by(admin).POST(url, { emails: [fresh] })).status).toBe(200);
  });

  test('where the outbox cannot be written, no invitation is', async () => {
    const { companyId, url, admin } = await company();
    await house.sql('alter table mails add constraint closed check (kind is null) not valid');
    try {
      const answer = await house.by(admin).POST(url, { emails: [newAddress()] });
      expect(answer.status).toBeGreaterThanOrEqual(500);
    } finally {
      await house.sql('alter table mails drop constraint closed');
    }
    expect(await house.sql('select from invitations where company_id = $1', [companyId])).toEqual([]);
  });
});

describe('sending an invitation again', () => {
  test('gives it its whole time, the same grants and another mail', async () => {
    const { resend, email, grants, events, id } = await invited();
    house.advance(10 * dayMs);
    await house.sql(
      `update invitations set delivery_status = 'failed_terminal', last_delivery_error = '550 no'`,
    );
    const again = (await resend()).json(Invitation);
    const days = (new Date(again.expiresAt).getTime() - house.clock.now().getTime()) / dayMs;
    expect(days).toBeGreaterThan(13.9);
    expect(again).toMatchObject({
      id,
      status: 'pending',
      grants,
      deliveryStatus: 'pending',
      lastDeliveryError: null,
    });
    expect((await mailsTo(email)).map(({ subject_id }) => subject_id)).toEqual([id, id]);
    expect(await events('invitation.resent')).toMatchObject([{ subject_id: id, details: { email } }]);
    house.advance(-10 * dayMs);
  });

  test('one that is decided or ran out is not sent again', async () => {
    const accepted = await invited();
    await accept(await house.user('Grace', accepted.email), accepted.id);
    expect(await accepted.resend()).toMatchObject({ status: 409, code: 'invitation_accepted' });
    const revoked = await invited();
    await revoked.revoke(revoked.id);
    expect(await revoked.resend()).toMatchObject({ status: 409, code: 'invitation_revoked' });
    const late = await invited();
    house.advance(14 * dayMs);
    expect(await late.resend()).toMatchObject({ status: 409, code: 'invitation_expired' });
    house.advance(-14 * dayMs);
    expect(await mailsTo(late.email)).toHaveLength(1);
  });

  test('only by who may invite; nobody else learns that it exists', async () => {
    const { companyId, resend } = await invited();
    const member = await house.user('Max');
    await house.member(companyId, member);
    expect(await resend(member)).toMatchObject({ status: 403, code: 'forbidden' });
    const stranger = await company();
    expect(await resend(stranger.admin)).toMatchObject({ status: 404, code: 'not_found' });
  });

  test('against its acceptance at the same moment: one of the two, and the promise holds', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { resend, id, email, companyId } = await invited();
      const person = await house.user('Grace', email);
      const [sent, taken] = await Promise.all([resend(), accept(person, id)]);
      expect(taken.status).toBe(200);
      expect([200, 409]).toContain(sent.status);
      const members = await house.sql('select role from project_members where company_id = $1', [companyId]);
      expect(members).toEqual([{ role: 'editor' }]);
    }
  });
});

test('the list shows one status at a time, whatever the row still says', async () => {
  const { list, invite, revoke, id } = await invited();
  const statuses = async () =>
    await Promise.all(
      ['pending', 'accepted', 'revoked', 'expired'].map(
        async (status) => (await list(`?status=${status}`)).items.length,
      ),
    );
  await invite([newAddress(), newAddress()]);
  expect(await statuses()).toEqual([3, 0, 0, 0]);
  await revoke(id);
  expect(await statuses()).toEqual([2, 0, 1, 0]);
  house.advance(14 * dayMs);
  expect(await statuses()).toEqual([0, 0, 1, 2]);
  house.advance(-14 * dayMs);
});

describe('the page that the link of an invitation leads to', () => {
  const land = async (id: string, who?: string) => await house.by(who).GET(`/api/v1/invitations/${id}`);

  test('I-06: tells who invites, to what and until when, and no address before it is proven', async () => {
    const { id, email, slug } = await invited();
    const seen = (await land(id)).json(LandingInvitation);
    expect(seen).toMatchObject({
      company: { slug, name: `The company ${slug}` },
      status: 'pending',
      invitedBy: 'Ada',
      isYours: false,
      email: 'p•••@acme.example',
      role: 'user',
      grants: [{ role: 'editor' }],
    });
    const other = await house.user('Jo', newAddress());
    expect((await land(id, other)).json(LandingInvitation)).toEqual(seen);
    const invitee = await house.user('Grace', email);
    expect((await land(id, invitee)).json(LandingInvitation)).toMatchObject({ isYours: true, email });
  });

  test('I-06: an id that is nobody’s, of whatever shape, is not found', async () => {
    expect(await land(newId(new Date()))).toMatchObject({ status: 404, code: 'not_found' });
    const first = await land(newId(new Date()));
    expect(first.text.replace(/"reference":"[^"]*"/, '')).toBe(
      (await land(newId(new Date()))).text.replace(/"reference":"[^"]*"/, ''),
    );
    expect((await land('1')).status).toBe(400);
  });

  test('once it is decided, what it promised is not told any more', async () => {
    const { id, revoke } = await invited();
    await revoke(id);
    const seen = (await land(id)).json(LandingInvitation);
    expect(seen).toMatchObject({ status: 'revoked', grants: [] });
  });

  test('and fetching it changes nothing', async () => {
    const { id, email } = await invited();
    const before = await house.sql('select * from invitations where id = $1', [id]);
    for (let time = 0; time < 5; time += 1) await land(id);
    expect(await house.sql('select * from invitations where id = $1', [id])).toEqual(before);
    expect(await mailsTo(email)).toHaveLength(1);
  });
});

test('an invitation whose mail is not required goes out without one, and says so', async () => {
  const { openHouse } = await import('../support/house.ts');
  const lenient = await openHouse({ kind: 'smtp', requireDelivery: false });
  try {
    const { company: other, newAddress: next } = inviting(lenient);
    const { invite, companyId } = await other();
    const full = next();
    await lenient.sql(
      `insert into mails (id, company_id, kind, address, facts, status, created_at, due_at)
       select gen_random_uuid(), $1, 'invitation', $2, '{}', 'sent', $3, $3 from generate_series(1, 20)`,
      [companyId, full, lenient.clock.now()],
    );
    const [result] = await invite([full]);
    expect(result?.invitation?.deliveryStatus).toBe('suppressed');
    expect(result?.invitation?.lastDeliveryError).toMatch(/mailbox/);
    lenient.advance(dayMs + minuteMs);
    const [next2] = await invite([next()]);
    expect(next2?.invitation?.deliveryStatus).toBe('pending');
  } finally {
    await lenient.close();
  }
});

test('a hundred people at once, each with a mail', async () => {
  const { url, admin, companyId } = await company();
  const emails = Array.from({ length: 100 }, newAddress);
  const answer = await house.by(admin).POST(url, { emails });
  expect(answer.json(NewInvitationsAnswer).results.every(({ outcome }) => outcome === 'invited')).toBe(true);
  const [row] = await house.sql('select count(*)::int as n from mails where company_id = $1', [companyId]);
  expect(row).toEqual({ n: 100 });
});
