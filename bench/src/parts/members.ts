import { ask } from '../ask.ts';
import type { Asking } from '../ask.ts';
import { fillWithCompanies } from '../companies.ts';
import type { Size } from '../companies.ts';
import { median } from '../median.ts';
import type { Part } from '../part.ts';
import { publicHost } from '../programs/gatehouse.ts';
import type { Run } from '../run.ts';

const small: Size = { members: 1_000, companies: 10 };
const large: Size = { members: 100_000, companies: 10_000 };
const turns = 150;
const warmUps = 30;

type Place = { readonly url: URL; readonly cookies: readonly string[] };
type Question = {
  readonly row: string;
  /** What is asked in this turn, and by whose session. */
  readonly asking: (turn: number) => { path: string; who: number; body?: object };
};

const company = '/api/v1/companies/acme';
const read = (row: string, path: string): Question => ({
  row,
  asking: () => ({ path: `${company}${path}`, who: 0 }),
});

const questions: readonly Question[] = [
  read('members, first page', '/members'),
  read('members, administrators', '/members?role=admin'),
  read('members of one project', '/members?project=project-3'),
  read('search for one letter', '/members?query=l'),
  read('search for a first name', '/members?query=first7'),
  read('search for two words', '/members?query=first77%20last3'),
  read('search for an address', '/members?query=first7.last1.107@mail.example'),
  read('search for nobody', '/members?query=nobody'),
  read('search in a project', '/members?query=last&project=project-3'),
  {
    row: 'one invitation made',
    asking: (turn) => ({
      path: `${company}/invitations`,
      who: 0,
      body: { emails: [`guest-${turn}@mail.example`], grants: [{ project: 'project-3', role: 'viewer' }] },
    }),
  },
  // Each time somebody whom the process has not met: it reads their companies, roles and invitations.
  { row: 'access of somebody who arrives', asking: (turn) => ({ path: '/api/v1/me', who: turn + 1 }) },
];

/** What a company of 100,000 among 10,000 waits for, beside one of 1,000 among ten. One request at a time, in turn. */
export const members: Part = async (run, tell) => {
  const [few, many] = [await open(run, small), await open(run, large)];
  for (const { row, asking } of questions) {
    const times = { few: [] as number[], many: [] as number[] };
    for (let turn = -warmUps; turn < turns; turn += 1) {
      const asked = asking(turn + warmUps);
      const [fewMs, manyMs] = [await timeOf(few, asked), await timeOf(many, asked)];
      if (turn < 0) continue;
      times.few.push(fewMs);
      times.many.push(manyMs);
    }
    const baseline = { name: 'with 1,000', value: median(times.few) };
    tell({ row, unit: 'ms', ours: median(times.many), baseline, target: { most: 1.3 } });
  }
};

async function open(run: Run, size: Size): Promise<Place> {
  const database = await run.makeDatabase();
  const first = await run.gatehouse({ database });
  await first.stop();
  const cookies = await fillWithCompanies(database, size, turns + warmUps + 1);
  const { url } = await run.gatehouse({ database });
  return { url, cookies };
}

async function timeOf(
  { url, cookies }: Place,
  { path, who, body }: ReturnType<Question['asking']>,
): Promise<number> {
  const headers = { host: publicHost, cookie: cookies[who] ?? '' };
  const asking: Asking =
    body === undefined
      ? { headers }
      : {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json', 'x-csrf': '1' },
          body: JSON.stringify(body),
        };
  const startedMs = performance.now();
  const answer = await ask(new URL(path, url), asking);
  const tookMs = performance.now() - startedMs;
  if (answer.status !== 200) throw new Error(`${path} was answered ${answer.status} ${answer.body}`);
  return tookMs;
}
