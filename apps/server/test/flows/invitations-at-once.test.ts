import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Answer } from '../support/browser.ts';
import { addPerson, openCompany } from '../support/invitees.ts';
import { test } from '../support/world.ts';

const people = 100;
const triesEach = 3;
/** Of people: as many as two servers that share a busy machine with this test answer in time. */
const atOnce = 20;

/** Whoever is told that there is too much to do at the moment comes back, as a browser does. */
async function untilServed(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    if (answer.status !== 503) return answer;
    await sleep(50 + 100 * Math.random());
  }
}

test(
  'R-03 a hundred invitations, and a hundred people who race to come in, each three times at once: a hundred members',
  { timeout: 90_000 },
  async ({ w }) => {
    const company = await openCompany(w, 'globex');
    const replica = await w.startReplica();
    const emails = Array.from({ length: people }, (_, place) => `guest-${String(place)}@globex-mail.example`);
    const grants = [{ project: 'apollo', role: 'viewer' }];
    await company.admin.post(`${company.url}/invitations`, { emails, grants });
    const arrivals: (() => Promise<Answer>)[][] = [];
    for (const [place, email] of emails.entries()) {
      w.google.signsInAs(addPerson(w, { provider: 'google', vouches: true }, email));
      const ofPerson: (() => Promise<Answer>)[] = [];
      arrivals.push(ofPerson);
      for (let tried = 0; tried < triesEach; tried += 1) {
        const browser = w.newBrowser();
        const { callbackUrl } = await browser.beginSignIn('google');
        const arrives = (place + tried) % 2 === 0 ? browser : replica.browserLike(browser);
        ofPerson.push(() => arrives.ask(callbackUrl));
      }
    }
    const answers: Answer[] = [];
    const comeIn = async () => {
      for (let person = arrivals.pop(); person !== undefined; person = arrivals.pop())
        answers.push(...(await Promise.all(person.map(untilServed))));
    };
    await Promise.all(Array.from({ length: atOnce }, comeIn));
    expect(answers).toHaveLength(people * triesEach);
    expect(answers.filter(({ location }) => location?.pathname !== '/')).toEqual([]);
    const ofCompany = `where company_id = (select company_id from company_slugs where slug = 'globex')`;
    expect(await w.count(`members ${ofCompany}`)).toBe(people + 1);
    const roles = await w.sql(
      `select role, count(*)::int as n from project_members ${ofCompany} group by role`,
    );
    expect(roles).toEqual([{ role: 'viewer', n: people }]);
    expect(await w.count(`invitations ${ofCompany} and status = 'accepted'`)).toBe(people);
    expect(await w.count(`audit_events ${ofCompany} and type = 'invitation.accepted'`)).toBe(people);
    expect(await w.count(`users where display_name like 'invitee-%'`)).toBe(people + 1);
  },
);

test('I-18 an administrator who invites hundreds of times a minute is slowed down', async ({ w }) => {
  const company = await openCompany(w, 'globex');
  const invite = (place: number) =>
    company.admin.post(`${company.url}/invitations`, { emails: [`not an address ${String(place)}`] });
  const answers: Answer[] = [];
  for (let start = 0; start < 320; start += 40) {
    answers.push(...(await Promise.all(Array.from({ length: 40 }, (_, place) => invite(start + place)))));
  }
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(300);
  const refused = answers.filter(({ status }) => status !== 200);
  for (const answer of refused) expect(answer).toBeProblem(429, 'rate_limited');
  expect(Number(refused[0]?.headers['retry-after'])).toBeGreaterThan(0);
});
