import { asAdmin } from './databases.ts';

/** What must be empty in every database that only sign-ins have written, whatever happened to the servers on it. */
const brokenBy: Readonly<Record<string, string>> = {
  'a user whom no identity leads to': `select u.id from users u where not exists (select from identities i where i.user_id = u.id)`,
  'an identity with two users': `select issuer, subject from identities group by 1, 2 having count(distinct user_id) > 1`,
  'a user with two identities of one provider': `select user_id from identities group by user_id, connection_id, issuer having count(*) > 1`,
  'a user without exactly one event of their making': `select u.id from users u
    where (select count(*) from audit_events e where e.type = 'account.created' and e.subject_id = u.id::text) <> 1`,
  'an event of a user who does not exist': `select e.id from audit_events e
    where e.type = 'account.created' and not exists (select from users u where u.id::text = e.subject_id)`,
  'identities and their events differ': `select n, m from (select count(*) from identities) i (n),
    (select count(*) from audit_events where type in ('account.created', 'identity.linked')) e (m) where n <> m`,
  'a session that no settled attempt began': `select s.id from sessions s
    where not exists (select from attempts a where a.session_id = s.id and a.outcome = 'succeeded')`,
  'an attempt that succeeded without its session': `select a.id from attempts a
    where a.outcome = 'succeeded' and not exists (select from sessions s where s.id = a.session_id)`,
  'a session without exactly one event of its start': `select s.id from sessions s
    where (select count(*) from audit_events e where e.type = 'session.started' and e.subject_id = s.id::text) <> 1`,
  'ended sessions and their events differ': `select n, m from (select count(*) from sessions where ended_at is not null) s (n),
    (select count(*) from audit_events where type = 'session.ended') e (m) where n <> m`,
  'a browser with two live sessions of one line': `select lineage_id from sessions where ended_at is null group by 1 having count(*) > 1`,
  'an attempt whose trace tells of another end': `select a.reference from attempts a join traces t using (reference)
    where a.outcome is not null and t.outcome <> a.outcome`,
  'a trace that ended without its attempt': `select t.reference from traces t join attempts a using (reference)
    where a.outcome is null and t.outcome <> 'in_progress'`,
  'a refused attempt without exactly one event': `select a.reference from attempts a where a.outcome = 'refused'
    and (select count(*) from audit_events e where e.type = 'sign_in.refused' and e.reference = a.reference) <> 1`,
  'first admins and their claims differ': `select c.id from companies c where
    (select count(*) from audit_events e where e.type = 'member.first_admin_claimed' and e.company_id = c.id)
      <> (case when c.first_admin_claimed_at is null then 0 else 1 end)
    or (select count(*) from members m where m.company_id = c.id and m.role = 'admin')
      <> (case when c.first_admin_claimed_at is null then 0 else 1 end)`,
  'an attempt that never ends by itself': `select id from attempts
    where settled_at is null and expires_at > begun_at + interval '10 minutes'`,
};

/** The names of the rules that this database breaks, each with the rows that break it. */
export async function brokenInvariants(database: string): Promise<string[]> {
  return await asAdmin(database, async (client) => {
    await client.query('set search_path = gatehouse');
    const broken: string[] = [];
    for (const [name, question] of Object.entries(brokenBy)) {
      const { rows } = await client.query(question);
      if (rows.length > 0) broken.push(`${name}: ${JSON.stringify(rows)}`);
    }
    return broken;
  });
}
