import type { Company, CompanyRole, Project, ProjectRole } from '../control-plane/index.ts';
import { enterPerson } from '../db/scopes.ts';
import type { PersonTx, SystemTx } from '../db/scopes.ts';

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

/** Oneself, one's companies with the projects and roles that count there, and the invitations that wait. */
export async function readMe(tx: SystemTx, reader: Reader): Promise<Me> {
  const { userId } = reader;
  const own = await enterPerson(tx, userId, async (person) => ({
    user: await ownUser(person, userId),
    companies: await ownCompanies(person, userId),
    projects: await ownProjects(person, userId),
    invitations: await ownInvitations(person, reader.at),
    grants: await promisedRoles(person),
  }));
  const inviters = await namesOf(
    tx,
    own.invitations.flatMap(({ invitedBy }) => invitedBy ?? []),
  );
  const projects = Map.groupBy(own.projects, (project) => project.companyId);
  const grants = Map.groupBy(own.grants, (grant) => grant.invitationId);
  return {
    user: own.user,
    companies: own.companies.map((company) => ({
      ...company,
      projects: withRoles(company, projects.get(company.id)),
    })),
    invitations: own.invitations.map(({ companyId: id, slug, name, invitedBy, ...invitation }) => ({
      ...invitation,
      company: { id, slug, name },
      grants: (grants.get(invitation.id) ?? []).map(({ project, role }) => ({ project, role })),
      invitedBy: inviters.get(invitedBy ?? '') ?? null,
    })),
  };
}

async function ownUser(tx: PersonTx, userId: string): Promise<Me['user']> {
  return await tx
    .selectFrom('users')
    .leftJoin('user_emails', (join) =>
      join.onRef('user_emails.user_id', '=', 'users.id').on('user_emails.is_primary', '=', true),
    )
    .select(['users.id', 'users.display_name as displayName', 'user_emails.address as email'])
    .where('users.id', '=', userId)
    .executeTakeFirstOrThrow();
}

async function ownCompanies(tx: PersonTx, userId: string) {
  return await tx
    .selectFrom('members')
    .innerJoin('companies', 'companies.id', 'members.company_id')
    .select(['companies.id', 'companies.slug', 'companies.name', 'companies.status', 'members.role'])
    .where('members.user_id', '=', userId)
    .orderBy('companies.name')
    .orderBy('companies.id')
    .execute();
}

/** Every project of one's companies, with the role given in it, if any. */
async function ownProjects(tx: PersonTx, userId: string) {
  return await tx
    .selectFrom('members')
    .innerJoin('projects', 'projects.company_id', 'members.company_id')
    .leftJoin('project_members', (join) =>
      join
        .onRef('project_members.company_id', '=', 'projects.company_id')
        .onRef('project_members.project_id', '=', 'projects.id')
        .onRef('project_members.user_id', '=', 'members.user_id'),
    )
    .where('members.user_id', '=', userId)
    .where((row) => row.or([row('members.role', '=', 'admin'), row('project_members.role', 'is not', null)]))
    .select([
      'projects.company_id as companyId',
      'projects.id',
      'projects.slug',
      'projects.name',
      'projects.status',
    ])
    .select('project_members.role')
    .orderBy('projects.id')
    .execute();
}

function withRoles(
  company: Omit<OwnCompany, 'projects'>,
  projects: Awaited<ReturnType<typeof ownProjects>> = [],
): OwnProject[] {
  return projects.flatMap(({ id, slug, name, status, role: direct }) => {
    const role = company.role === 'admin' ? company.role : direct;
    return role === null ? [] : { id, slug, name, role, status };
  });
}

async function ownInvitations(tx: PersonTx, at: Date) {
  return await tx
    .selectFrom('invitations')
    .innerJoin('companies', 'companies.id', 'invitations.company_id')
    .where('invitations.status', '=', 'pending')
    .where('invitations.expires_at', '>', at)
    .select([
      'invitations.id',
      'invitations.email',
      'invitations.role',
      'invitations.invited_by as invitedBy',
    ])
    .select(['invitations.expires_at as expiresAt', 'companies.id as companyId'])
    .select(['companies.slug', 'companies.name'])
    .orderBy('invitations.id')
    .execute();
}

async function promisedRoles(tx: PersonTx) {
  return await tx
    .selectFrom('invitation_grants')
    .innerJoin('projects', (join) =>
      join
        .onRef('projects.company_id', '=', 'invitation_grants.company_id')
        .onRef('projects.id', '=', 'invitation_grants.project_id'),
    )
    .select([
      'invitation_grants.invitation_id as invitationId',
      'projects.slug as project',
      'invitation_grants.role',
    ])
    .orderBy('projects.slug')
    .execute();
}

async function namesOf(tx: SystemTx, userIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (userIds.length === 0) return new Map();
  const rows = await tx
    .selectFrom('users')
    .select(['id', 'display_name'])
    .where('id', 'in', userIds)
    .execute();
  return new Map(rows.map((row) => [row.id, row.display_name]));
}
