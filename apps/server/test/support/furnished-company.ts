import type { House } from './house.ts';

export const positions = ['nobody', 'stranger', 'member', 'viewer', 'editor', 'lead', 'admin'] as const;
/** Where somebody stands: signed in or not, in the company or not, and with which role in the project `apollo`. */
export type Position = (typeof positions)[number];
const everyMember = ['member', 'viewer', 'editor', 'lead', 'admin'] as const satisfies readonly Position[];

export type Status = 'active' | 'pending' | 'suspended';

const rolesInProject = { viewer: 'viewer', editor: 'editor', lead: 'admin' } as const;
let companies = 0;

export type Furnished = {
  readonly companyId: string;
  readonly people: Readonly<Partial<Record<Position, string>>>;
  /** What the parameters of a route's pattern stand for here. */
  readonly places: Readonly<Record<string, string>>;
};

/** A company with one person in each position, and everything that its routes are about. */
export async function furnish(house: House, status: Status = 'active'): Promise<Furnished> {
  companies += 1;
  const slug = `furnished-${String(companies)}`;
  const companyId = await house.company(slug, status);
  const projectId = await house.project(companyId, 'apollo');
  const people: Partial<Record<Position, string>> = { stranger: await house.user('Stranger') };
  for (const position of everyMember) {
    const userId = await house.user(position);
    people[position] = userId;
    await house.member(companyId, userId, position === 'admin' ? 'admin' : 'user');
    if (position in rolesInProject) {
      // The line above made sure that it is a key.
      await house.projectRole(projectId, userId, rolesInProject[position as keyof typeof rolesInProject]);
    }
  }
  const [target, leaver] = [await house.user('Target'), await house.user('Leaver')];
  for (const userId of [target, leaver]) await house.member(companyId, userId);
  const invitation = await house.invitation(companyId, 'grace@acme.example');
  const [joinRequest, otherRequest] = [
    await house.joinRequest(companyId, await house.user('Asker')),
    await house.joinRequest(companyId, await house.user('Other')),
  ];
  const places = { slug, project: 'apollo', target, leaver, invitation, joinRequest, otherRequest };
  return { companyId, people, places };
}

/** A route's pattern with its parameters filled in. */
export function fill(path: string, places: Readonly<Record<string, string>>): string {
  return path.replaceAll(/:(\w+)/g, (_, name: string) => places[name] ?? 'missing');
}

const tables = [
  'members',
  'member_words',
  'projects',
  'project_members',
  'invitations',
  'invitation_grants',
  'invitation_addresses',
  'join_requests',
  'mails',
];

/** Every row of the company, to compare with later. */
export async function snapshot(house: House, companyId: string): Promise<unknown> {
  const rows = [];
  for (const table of tables) {
    rows.push(await house.sql(`select * from ${table} t where company_id = $1 order by t`, [companyId]));
  }
  return rows;
}
