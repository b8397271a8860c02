import { describe, expect, test } from 'vitest';
import { enterCompany, inCompany, inSystem } from '../../src/db/scopes.ts';
import { claimFirstAdmin, ensureCompany } from '../../src/control-plane/index.ts';
import { houseOfThisFile } from '../support/house.ts';

const house = await houseOfThisFile();

async function furnish(slug: string) {
  const companyId = await house.company(slug);
  const [admin, target, guest] = [
    await house.user('Ada'),
    await house.user('Grace'),
    await house.user('Hedy', `hedy@${slug}.example`),
  ];
  await house.member(companyId, admin, 'admin');
  await house.member(companyId, target);
  await house.project(companyId, 'apollo');
  const base = `/api/v1/companies/${slug}`;
  const live = await house.invitation(companyId, `hedy@${slug}.example`);
  const toRevoke = await house.invitation(companyId, `revoked@${slug}.example`);
  await house.invitation(companyId, `late@${slug}.example`, { expiresAt: new Date(Date.now() - 1) });
  const otherCompany = await house.company(`${slug}-2`);
  const toDecline = await house.invitation(otherCompany, `hedy@${slug}.example`);
  return { companyId, otherCompany, admin, target, guest, base, live, toRevoke, toDecline };
}

describe('K-04: each thing that happens is in the trail exactly once', () => {
  test('with who, where from, in which company, what and when', async () => {
    const before = Date.now();
    const { companyId, otherCompany, admin, target, guest, base, live, toRevoke, toDecline } =
      await furnish('trail');
    const member = `${base}/members/${target}`;
    const inProject = `${base}/projects/apollo/members/${target}`;
    const steps = [
      { by: target, call: ['PATCH', member, { role: 'admin' }], leaves: ['access.refused'] },
      { by: admin, call: ['PATCH', member, { role: 'admin' }], leaves: ['member.role_changed'] },
      {
        by: admin,
        call: ['POST', `${base}/projects`, { slug: 'gemini', name: 'Gemini' }],
        leaves: ['project.created'],
      },
      {
        by: admin,
        call: ['PATCH', `${base}/projects/gemini`, { name: 'Other' }],
        leaves: ['project.changed'],
      },
      { by: admin, call: ['PUT', inProject, { role: 'viewer' }], leaves: ['project_member.changed'] },
      { by: admin, call: ['DELETE', inProject, undefined], leaves: ['project_member.removed'] },
      { by: admin, call: ['DELETE', member, undefined], leaves: ['member.removed'] },
      {
        by: admin,
        call: ['POST', `${base}/invitations`, { emails: ['late@trail.example'], grants: [] }],
        leaves: ['invitation.expired', 'invitation.created'],
      },
      {
        by: admin,
        call: ['POST', `${base}/invitations/${toRevoke}/revoke`, undefined],
        leaves: ['invitation.revoked'],
      },
      {
        by: guest,
        call: ['POST', `/api/v1/me/invitations/${live}/accept`, undefined],
        leaves: ['invitation.accepted'],
      },
      {
        by: guest,
        call: ['POST', `/api/v1/me/invitations/${toDecline}/decline`, undefined],
        leaves: ['invitation.declined'],
      },
      { by: admin, call: ['GET', `${base}/members`, undefined], leaves: [] },
      { by: guest, call: ['GET', '/api/v1/me', undefined], leaves: [] },
    ] as const;
    let seen = (await house.events()).length;
    for (const { by, call, leaves } of steps) {
      const [method, url, body] = call;
      await house.by(by)[method](url, body);
      const events = (await house.events()).slice(seen);
      seen += events.length;
      expect(events.map(({ type }) => type).toSorted(), `${method} ${url}`).toEqual([...leaves].toSorted());
      for (const event of events) {
        const isRefusal = event.type === 'access.refused';
        expect(event).toMatchObject({
          actor_id: by,
          company_id: event.type === 'invitation.declined' ? otherCompany : companyId,
          address: '127.0.0.1',
          user_agent: 'a test',
          result: isRefusal ? 'refused' : 'succeeded',
          reason: isRefusal ? 'forbidden' : null,
        });
        expect(event.subject_id).not.toBeNull();
        expect(event.at.getTime()).toBeGreaterThanOrEqual(before);
      }
    }
  });

  test('what fails on our side leaves neither the change nor its event', async () => {
    const { companyId, admin, target, base } = await furnish('broken');
    await house.sql(
      `create function no_events() returns trigger language plpgsql as $$ begin raise exception 'the trail is full'; end $$`,
    );
    await house.sql(
      `create trigger no_events before insert on audit_events for each row execute function no_events()`,
    );
    try {
      const answer = await house.by(admin).DELETE(`${base}/members/${target}`);
      expect([answer.status, answer.code]).toEqual([500, 'internal_error']);
      expect(answer.text).not.toContain('trail');
    } finally {
      await house.sql('drop trigger no_events on audit_events');
    }
    expect(await house.sql('select from members where company_id = $1', [companyId])).toHaveLength(2);
  });
});

describe('N-13: the trail of one company shows nothing of another', () => {
  test('and what happened outside of companies is in none', async () => {
    const [one, other] = [await furnish('one'), await furnish('other')];
    for (const { admin, base } of [one, other])
      await house.by(admin).POST(`${base}/projects`, { slug: 'new', name: 'New' });
    await house.by(one.admin).GET('/api/v1/companies/no-such/members');
    const seen = await inCompany(house.db, one.companyId, (tx) =>
      tx.selectFrom('audit_events').selectAll().execute(),
    );
    expect(seen.length).toBeGreaterThan(0);
    expect(new Set(seen.map((event) => event.company_id))).toEqual(new Set([one.companyId]));
  });

  test('an event cannot be written into the trail of another company', async () => {
    const [one, other] = [await house.company('writer'), await house.company('reader')];
    const writing = inCompany(house.db, one, (tx) =>
      tx
        .insertInto('audit_events')
        .values({
          id: one,
          at: new Date(),
          type: 'member.removed',
          result: 'succeeded',
          actor_kind: 'system',
          actor_id: null,
          company_id: other,
          subject_id: null,
          reference: null,
          address: null,
          user_agent: null,
          reason: null,
          details: '{}',
        })
        .execute(),
    );
    await expect(writing).rejects.toThrow(/row-level security/);
  });
});

describe('the first administrator', () => {
  test('is claimed once, by one of many at once', async () => {
    const { companyId } = await inSystem(house.db, (tx) =>
      ensureCompany(tx, { slug: 'fresh', name: 'Fresh' }, new Date()),
    );
    const people: string[] = [];
    for (let n = 0; n < 8; n += 1) people.push(await house.user(`Person ${String(n)}`));
    const claims = await Promise.all(
      people.map((userId) =>
        inSystem(house.db, (tx) =>
          enterCompany(tx, companyId, (scoped) => claimFirstAdmin(scoped, { companyId, userId }, new Date())),
        ),
      ),
    );
    expect(claims.filter(({ outcome }) => outcome === 'claimed')).toHaveLength(1);
    expect(
      await house.sql(`select from members where company_id = $1 and role = 'admin'`, [companyId]),
    ).toHaveLength(1);
  });
});
