import { openBoundedMap } from '../kernel/bounded-map.ts';
import type { Clock } from '../kernel/clock.ts';
import { secondMs } from '../kernel/clock.ts';
import { andThen } from '../kernel/maybe-later.ts';
import type { MaybeLater } from '../kernel/maybe-later.ts';
import { decideEntry } from './decide-entry.ts';
import type { EntryCompany, EntryQuestion, EntryRefusal } from './decide-entry.ts';

export type Person = {
  readonly user: { readonly id: string; readonly displayName: string; readonly email: string | null };
  readonly companies: readonly EntryCompany[];
};

/** Who asks to come in. */
export type Visitor = {
  readonly id: string;
  readonly userId: string;
  /** The one company that the session sees. */
  readonly companyId?: string;
};

export type GateDeps = {
  readonly clock: Clock;
  readonly personOf: (userId: string) => MaybeLater<Person>;
  /** A signed statement of these claims for the protected host, good for so long. */
  readonly sign: (claims: Readonly<Record<string, unknown>>, lifetimeSeconds: number) => Promise<string>;
  readonly defaultCompany?: string;
};

export type Verdict =
  /** `headers`: who it is, for the application behind the gate. */
  | { readonly outcome: 'admitted'; readonly headers: Readonly<Record<string, string>> }
  | { readonly outcome: 'refused'; readonly reason: EntryRefusal };

export type Gate = (visitor: Visitor, question: EntryQuestion) => MaybeLater<Verdict>;

const assertionSeconds = 60;
/** So long one assertion is handed out again; it is then still good for as long as this. */
const repeatMs = 30 * secondMs;
const mostAssertions = 20_000;

type Made = { readonly atMs: number; assertion: MaybeLater<string> };

export function openGate(deps: GateDeps): Gate {
  const assertions = openBoundedMap<string, Made>(mostAssertions);

  function assertionOf(key: string, claims: () => Record<string, unknown>): MaybeLater<string> {
    const nowMs = deps.clock.now().getTime();
    const made = assertions.get(key);
    if (made !== undefined && Math.abs(nowMs - made.atMs) < repeatMs) return made.assertion;
    const signing = deps.sign(claims(), assertionSeconds);
    const fresh: Made = { atMs: nowMs, assertion: signing };
    assertions.set(key, fresh);
    signing.then(
      (text) => (fresh.assertion = text),
      () => {
        assertions.delete(key);
      },
    );
    return signing;
  }

  function judge(
    visitor: Visitor,
    question: EntryQuestion,
    { user, companies }: Person,
  ): MaybeLater<Verdict> {
    const { companyId } = visitor;
    const visible = companyId === undefined ? companies : companies.filter(({ id }) => id === companyId);
    const decision = decideEntry(visible, { ...question, company: question.company ?? deps.defaultCompany });
    if (decision.outcome === 'refused') return decision;
    const { company, groups } = decision;
    const roles = groups.join(',');
    const key = `${visitor.id} ${company.id} ${roles} ${user.email ?? ''} ${user.displayName}`;
    const claims = () => ({
      sub: user.id,
      sid: visitor.id,
      org_id: company.id,
      org_slug: company.slug,
      roles: groups,
      name: user.displayName,
      ...(user.email !== null && { email: user.email }),
    });
    return andThen(assertionOf(key, claims), (assertion) => ({
      outcome: 'admitted',
      headers: {
        'x-auth-request-user': user.id,
        ...(user.email !== null && { 'x-auth-request-email': user.email }),
        'x-auth-request-groups': roles,
        'x-gatehouse-assertion': assertion,
      },
    }));
  }
  return (visitor, question) =>
    andThen(deps.personOf(visitor.userId), (person) => judge(visitor, question, person));
}
