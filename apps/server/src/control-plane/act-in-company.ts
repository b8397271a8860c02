import type { CompanyTx, Database, SystemTx } from '../db/scopes.ts';
import { enterCompany, inSystem } from '../db/scopes.ts';
import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import type { ErrorCode } from '../kernel/errors.ts';
import type { Acted, Change, Refusal } from './change.ts';
import { findCompanyId, lockCompany, readCompany } from './companies.ts';
import { decidePermission, holdsDuring } from './decide-permission.ts';
import type { Action, CompanyRole } from './decide-permission.ts';
import { holdRole, readRole } from './members.ts';
import type { MemberKey } from './members.ts';
import { readProjectRole } from './project-members.ts';
import { findProject, holdProject, lockProject } from './projects.ts';
import type { Project } from './projects.ts';

/** Who asks, and from where. */
export type Caller = {
  readonly userId: string;
  /** The one company that the caller's session sees, where a company's own connection made it. */
  readonly companyId?: string;
  /** Of the request, as an error page shows it. */
  readonly reference?: string;
  readonly origin: { readonly address?: string; readonly userAgent?: string };
};

export type CompanyRequest = {
  readonly caller: Caller;
  readonly slug: string;
  readonly action: Action;
  /** The slug of the project that the action is about. */
  readonly project?: string;
  /** The id of what would be changed, for the trail. */
  readonly target?: string;
};

/** Where the caller stands, true until the transaction ends. */
export type Standing = { readonly companyId: string; readonly role: CompanyRole; readonly at: Date };

/** Appends a change to the trail, in the transaction that made it. */
export type RecordChange = (
  tx: SystemTx,
  event: Change & {
    readonly actor: { readonly kind: 'user'; readonly userId: string };
    readonly origin: Caller['origin'];
    readonly reference?: string;
  },
  at: Date,
) => Promise<void>;

export type ActingDeps = { readonly db: Database; readonly clock: Clock; readonly record: RecordChange };

type Work<T> = (tx: CompanyTx, standing: Standing) => Promise<Acted<T>>;
type WorkOnProject<T> = (
  tx: CompanyTx,
  standing: Standing & { readonly project: Project },
) => Promise<Acted<T>>;

/**
 * Does something in a company as somebody: one transaction, in that company's scope, that first reads what the caller
 * may do and keeps it true until the end. Refusals are recorded and committed before they are thrown.
 * @throws AppError `not_found`, `forbidden`, `company_pending`, `company_suspended`, or whatever `work` refuses with
 */
export async function actInCompany<T>(deps: ActingDeps, request: CompanyRequest, work: Work<T>): Promise<T> {
  return await act(deps, request, async (tx, { standing }) => await work(tx, standing));
}

/** The same for an action on one of the company's projects. */
export async function actOnProject<T>(
  deps: ActingDeps,
  request: CompanyRequest & { readonly project: string },
  work: WorkOnProject<T>,
): Promise<T> {
  return await act(deps, request, async (tx, { standing, project }) =>
    project === undefined
      ? { outcome: 'refused', reason: 'not_found' }
      : await work(tx, { ...standing, project }),
  );
}

type Found = { readonly standing: Standing; readonly project: Project | undefined };

async function act<T>(
  { db, clock, record }: ActingDeps,
  request: CompanyRequest,
  work: (tx: CompanyTx, found: Found) => Promise<Acted<T>>,
): Promise<T> {
  const at = clock.now();
  const { userId, origin, reference } = request.caller;
  const by = { actor: { kind: 'user', userId }, origin, ...(reference && { reference }) } as const;
  const acted = await inSystem(db, async (tx) => {
    const companyId = await findCompanyId(tx, request.slug);
    // A company that does not exist is looked into like one that does: the answer takes as long.
    const result = await enterCompany(tx, companyId ?? nobodysCompany, async (company) => {
      const access = await authorize(company, { request, companyId }, at);
      if (access.outcome === 'refused') return access;
      return withRefusal(await work(company, access.answer), { request, companyId });
    });
    for (const change of result.changes ?? []) await record(tx, { ...change, ...by }, at);
    return result;
  });
  if (acted.outcome === 'done') return acted.answer;
  throw new AppError(acted.reason, acted.detail === undefined ? {} : { detail: acted.detail });
}

const nobodysCompany = '00000000-0000-0000-0000-000000000000';

type Asked = { readonly request: CompanyRequest; readonly companyId: string | undefined };

/** Reads what the caller may do, in the order company, member, project; writers keep it true until the end. */
async function authorize(tx: CompanyTx, asked: Asked, at: Date): Promise<Acted<Found>> {
  const { caller, action, project: slug } = asked.request;
  const companyId = asked.companyId ?? nobodysCompany;
  const key = { companyId, userId: caller.userId };
  const isForeign = caller.companyId !== undefined && caller.companyId !== companyId;
  // First without a lock, so that strangers can hold up nobody.
  if ((await readRole(tx, key)) === undefined || isForeign) return refusal(asked, 'not_found');
  const { company, role } = await positionOf(tx, key, action);
  if (company === undefined || role === undefined) return refusal(asked, 'not_found');
  const project = slug === undefined ? undefined : await readOrLock(tx, { companyId, slug, action });
  const projectRole = project && (await readProjectRole(tx, { ...key, projectId: project.id }));
  const facts = {
    action,
    companyStatus: company.status,
    companyRole: role,
    projectRole: projectRole ?? 'none',
  } as const;
  const decision = decidePermission(facts);
  if (decision.outcome === 'refused') return refusal(asked, decision.reason);
  return { outcome: 'done', answer: { standing: { companyId, role, at }, project } };
}

async function positionOf(tx: CompanyTx, key: MemberKey, action: Action) {
  switch (holdsDuring(action)) {
    case 'nothing':
      return { company: await readCompany(tx, key.companyId), role: await readRole(tx, key) };
    case 'role':
    case 'role, and the project with others':
      return { company: await readCompany(tx, key.companyId), role: await holdRole(tx, key) };
    case 'company':
      return { company: await lockCompany(tx, key.companyId), role: await holdRole(tx, key) };
  }
}

async function readOrLock(
  tx: CompanyTx,
  { companyId, slug, action }: { companyId: string; slug: string; action: Action },
) {
  switch (holdsDuring(action)) {
    case 'nothing':
      return await findProject(tx, companyId, slug);
    case 'role, and the project with others':
      return await holdProject(tx, companyId, slug);
    case 'role':
    case 'company':
      return await lockProject(tx, companyId, slug);
  }
}

/** What the work refuses is in the trail too, in its own words or in these; what nobody could have read is not. */
function withRefusal<T>(acted: Acted<T>, asked: Asked): Acted<T> {
  if (acted.outcome === 'done' || acted.changes !== undefined || acted.reason === 'request_invalid')
    return acted;
  return { ...refusal(asked, acted.reason), ...acted };
}

/** Only an attempt at what is not theirs, or not to be had, goes into the trail; the state of a company is no trespass. */
function refusal({ request, companyId }: Asked, reason: ErrorCode): Refusal {
  if (reason === 'company_pending' || reason === 'company_suspended') return { outcome: 'refused', reason };
  const details = {
    action: request.action,
    company: request.slug,
    ...(request.project && { project: request.project }),
  };
  const found = {
    ...(companyId !== undefined && { companyId }),
    ...(request.target !== undefined && { subjectId: request.target }),
  };
  return {
    outcome: 'refused',
    reason,
    changes: [{ type: 'access.refused', result: 'refused', reason, ...found, details }],
  };
}
