import { andThen } from '../../kernel/maybe-later.ts';
import type { MaybeLater } from '../../kernel/maybe-later.ts';
import { secondMs } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import { randomToken } from '../../kernel/tokens.ts';
import type { LiveSession } from '../../session/index.ts';

type OwnCompany = {
  readonly id: string;
  readonly slug: string;
  readonly status: 'pending' | 'active' | 'suspended';
  readonly role: 'admin' | 'user';
  readonly projects: readonly {
    readonly slug: string;
    readonly role: 'viewer' | 'editor' | 'admin';
    readonly status: 'active' | 'read_only' | 'disabled';
  }[];
};

export type Person = {
  readonly user: { readonly displayName: string; readonly email: string | null };
  readonly companies: readonly OwnCompany[];
};

export type AccessTokenDeps = {
  readonly personOf: (userId: string) => MaybeLater<Person>;
  readonly sign: (claims: Readonly<Record<string, unknown>>, lifetimeSeconds: number) => Promise<string>;
  readonly accessTtlMs: number;
};

export type AccessToken = { readonly accessToken: string; readonly expiresIn: number };

/** So many roles in projects a token names at most; it has to fit into a request's head. */
const mostRoles = 100;

/**
 * An access token of this session (RFC 9068), which speaks of one company: the one that is named, or else the only one.
 * @throws AppError `not_found` for a company that one is no member of, `company_pending`, `company_suspended`
 */
export async function issueAccessToken(
  { personOf, sign, accessTtlMs }: AccessTokenDeps,
  session: LiveSession,
  company?: string,
): Promise<AccessToken> {
  const { id: sid, userId: sub } = session;
  const expiresIn = accessTtlMs / secondMs;
  const accessToken = await andThen(personOf(sub), ({ user, companies }) =>
    sign(
      {
        sub,
        sid,
        jti: randomToken(),
        name: user.displayName,
        ...(user.email !== null && { email: user.email }),
        ...claimsOf(company === undefined ? onlyOne(companies) : named(companies, company)),
      },
      expiresIn,
    ),
  );
  return { accessToken, expiresIn };
}

function onlyOne(companies: readonly OwnCompany[]): OwnCompany | undefined {
  const [only, ...others] = companies;
  return others.length === 0 && only?.status === 'active' ? only : undefined;
}

function named(companies: readonly OwnCompany[], slug: string): OwnCompany {
  const company = companies.find((one) => one.slug === slug);
  if (company === undefined) throw new AppError('not_found');
  if (company.status === 'pending') throw new AppError('company_pending');
  if (company.status === 'suspended') throw new AppError('company_suspended');
  return company;
}

/** An administrator of the company is one of all its projects; in a project that is read-only everybody is a viewer. */
function claimsOf(company: OwnCompany | undefined) {
  if (company === undefined) return { roles: [] };
  const { id: org_id, slug: org_slug, role, projects } = company;
  const open = projects.filter(({ status }) => status !== 'disabled').slice(0, mostRoles);
  const inProjects = open.map(
    ({ slug, role: own, status }) => `${slug}:${status === 'read_only' ? 'viewer' : own}`,
  );
  return { org_id, org_slug, roles: role === 'admin' ? [role] : [role, ...inProjects] };
}
