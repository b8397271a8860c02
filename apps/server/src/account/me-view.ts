import { sql } from 'kysely';
import type { Company, CompanyRole, Project, ProjectRole } from '../control-plane/index.ts';
import { readAsPerson, readAsSystem } from '../db/scopes.ts';
import type { Database } from '../db/scopes.ts';

type OwnProject = {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly role: ProjectRole;
  readonly status: Project['status'];
};

type OwnCompany = {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly status: Company['status'];
  readonly role: CompanyRole;
  readonly projects: readonly OwnProject[];
};

type OwnInvitation = {
  readonly id: string;
  readonly company: { readonly id: string; readonly slug: string; readonly name: string };
  readonly email: string;
  readonly role: CompanyRole;
  readonly grants: readonly { readonly project: string; readonly role: ProjectRole }[];
  readonly invitedBy: string | null;
  readonly expiresAt: Date;
};

export type Me = {
  readonly user: { readonly id: string; readonly displayName: string; readonly email: string | null };
  readonly companies: readonly OwnCompany[];
  readonly invitations: readonly OwnInvitation[];
};

type Reader = { readonly userId: string; readonly at: Date };

/** As `own_access` tells it: times are texts, and inviters are ids. */
type OwnAccess = Omit<Me, 'invitations'> & {
  readonly invitations: readonly (Omit<OwnInvitation, 'expiresAt'> & { readonly expiresAt: string })[];
};

/** Oneself, one's companies with the projects and roles that count there, and the invitations that wait. */
export async function readMe(db: Database, { userId, at }: Reader): Promise<Me> {
  const query = sql<{ access: OwnAccess }>`select own_access(${userId}, ${at}) as access`;
  const [row] = await readAsPerson(db, userId, query.compile(db));
  if (row === undefined) throw new Error('the database answered nothing');
  const { user, companies, invitations } = row.access;
  const inviters = await namesOf(
    db,
    invitations.flatMap(({ invitedBy }) => invitedBy ?? []),
  );
  return {
    user,
    companies,
    invitations: invitations.map(({ invitedBy, expiresAt, ...invitation }) => ({
      ...invitation,
      expiresAt: new Date(expiresAt),
      invitedBy: inviters.get(invitedBy ?? '') ?? null,
    })),
  };
}

async function namesOf(db: Database, userIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (userIds.length === 0) return new Map();
  const names = db.selectFrom('users').select(['id', 'display_name']).where('id', 'in', userIds);
  const rows = await readAsSystem(db, names.compile());
  return new Map(rows.map((row) => [row.id, row.display_name]));
}
