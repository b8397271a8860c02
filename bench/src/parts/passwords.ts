import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { passwordHashes } from '../../../apps/server/src/credential/password-hashes.ts';
import { ask } from '../ask.ts';
import { crowdOfGatehouse } from '../crowd.ts';
import { load } from '../load.ts';
import { median } from '../median.ts';
import type { Part } from '../part.ts';
import { publicHost } from '../programs/gatehouse.ts';
import type { Run } from '../run.ts';

const atOnce = 50;
/** So many that nobody signs in so often that older sessions of theirs end. */
const people = 500;
const password = 'violin tractor meadow';
const rounds = 5;
const seconds = 2;
const warmUpSeconds = 5;
const sessions = 64;
/** Few: a queue of the generator's own is not what is measured. */
const connections = 4;

const variables = {
  AUTH_POLICY: 'standard',
  CLOUDGRID_INVITATION_EMAIL_SMTP_HOST: '127.0.0.1',
  CLOUDGRID_INVITATION_EMAIL_SMTP_PORT: '1',
  CLOUDGRID_INVITATION_EMAIL_SMTP_TLS: 'none',
  CLOUDGRID_INVITATION_EMAIL_FROM: 'gate@acme.example',
};

/** The check of a known session while fifty people at a time sign in by password, beside the same while nobody does. */
export const passwords: Part = async (run, tell) => {
  const { url } = await run.gatehouse({ env: variables });
  const cookieFile = `${run.folder}/cookies`;
  await writeFile(cookieFile, (await crowdOfGatehouse(run.database, sessions)).join('\n'));
  await addPeopleWithPasswords(run);
  const check = (during: number) =>
    load({ url: new URL('/auth/verify', url), cookieFile, seconds: during, connections });
  await check(warmUpSeconds);
  await whileTheySignIn(url, () => check(warmUpSeconds));
  const taken: { quietMs: number; busyMs: number; perSecond: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const quiet = await check(seconds);
    const { during, perSecond } = await whileTheySignIn(url, () => check(seconds));
    taken.push({ quietMs: quiet.p99Ms, busyMs: during.p99Ms, perSecond });
  }
  const of = (fact: 'quietMs' | 'busyMs' | 'perSecond') => median(taken.map((one) => one[fact]));
  tell({
    row: `/auth/verify while ${atOnce} sign in by password, 99th of 100`,
    unit: 'ms',
    ours: of('busyMs'),
    baseline: { name: 'while nobody does', value: of('quietMs') },
    target: { most: 2 },
  });
  tell({ row: 'sign-ins by password meanwhile', unit: '1/s', ours: of('perSecond') });
};

async function addPeopleWithPasswords({ database }: Run): Promise<void> {
  const hash = await passwordHashes({ run: (work) => work() }).hash(password);
  const ids = Array.from({ length: people }, () => randomUUID());
  await database.query(
    `with p as (select id, n from unnest($1::uuid[]) with ordinality as p(id, n)),
    u as (insert into gatehouse.users (id, display_name, status, created_at)
      select id, 'Somebody', 'active', now() from p),
    e as (insert into gatehouse.user_emails (address, user_id, is_primary, verified_at)
      select 'somebody-' || n || '@example.com', id, true, now() from p),
    m as (insert into gatehouse.members (company_id, user_id, role, joined_at)
      select c.id, p.id, 'user', now() from p, gatehouse.companies c)
    insert into gatehouse.passwords (user_id, hash, set_at) select id, $2, now() from p`,
    [ids, hash],
  );
}

let signIns = 0;

/** Fifty at a time, each from elsewhere, again and again until `work` is done. */
async function whileTheySignIn<T>(
  url: URL,
  work: () => Promise<T>,
): Promise<{ during: T; perSecond: number }> {
  const over = new AbortController();
  const [before, startedMs] = [signIns, performance.now()];
  const lane = async (): Promise<void> => {
    while (!over.signal.aborted) await signIn(url, (signIns += 1));
  };
  const lanes = Promise.all(Array.from({ length: atOnce }, lane));
  const during = await work().finally(() => {
    over.abort();
  });
  const perSecond = ((signIns - before - atOnce) / (performance.now() - startedMs)) * 1_000;
  await lanes;
  return { during, perSecond };
}

async function signIn(url: URL, number: number): Promise<void> {
  const answer = await ask(new URL('/api/v1/auth/login', url), {
    method: 'POST',
    headers: {
      host: publicHost,
      'content-type': 'application/json',
      'x-csrf': '1',
      'x-forwarded-for': `10.3.${(number >> 8) & 255}.${number & 255}`,
    },
    body: JSON.stringify({ email: `somebody-${(number % people) + 1}@example.com`, password }),
  });
  if (answer.status !== 200) throw new Error(`not signed in: ${answer.status} ${answer.body}`);
}
