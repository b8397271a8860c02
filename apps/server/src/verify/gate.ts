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
  /** The same where it is known and certain; asks nobody. */
  readonly knownPerson: (userId: string) => Person | undefined;
  /** A signed statement of these claims for the protected host, good for so long. */
  readonly sign: (claims: Readonly<Record<string, unknown>>, lifetimeSeconds: number) => Promise<string>;
  readonly defaultCompany?: string;
};

/** `headers`: who it is, for the application behind the gate. */
type Admitted = {
  readonly outcome: 'admitted';
  readonly headers: Readonly<Record<string, string>>;
  readonly atMs: number;
};

export type Verdict = Admitted | { readonly outcome: 'refused'; readonly reason: EntryRefusal };

export type Gate = {
  enter(visitor: Visitor, question: EntryQuestion): MaybeLater<Verdict>;
  /** What an admitted one is known by, where all of that is known already; nothing where it must be asked or refused. */
  enterKnown(visitor: Visitor, question: EntryQuestion): Admitted['headers'] | undefined;
  /** Whether they still may; makes no assertion. */
  mayStay(visitor: Visitor, question: EntryQuestion): MaybeLater<boolean>;
};

const assertionSeconds = 60;
/** So long one assertion is handed out again; it is then still good for as long as this. */
const repeatMs = 30 * secondMs;
const mostAssertions = 20_000;

export function openGate({ clock, personOf, knownPerson, sign, defaultCompany }: GateDeps): Gate {
  const repeat = openRepeating(clock);
  const latest = openLatest(clock);

  function decide({ companyId }: Visitor, question: EntryQuestion, { companies }: Person) {
    const visible = companyId === undefined ? companies : companies.filter(({ id }) => id === companyId);
    return decideEntry(visible, { ...question, company: question.company ?? defaultCompany });
  }
  function enter(visitor: Visitor, question: EntryQuestion, person: Person): MaybeLater<Verdict> {
    const decision = decide(visitor, question, person);
    if (decision.outcome === 'refused') return decision;
    const { user } = person;
    const roles = decision.groups.join(',');
    const key = JSON.stringify([visitor.id, decision.company.id, roles, user.email, user.displayName]);
    return repeat(key, async () => {
      const atMs = clock.now().getTime();
      const assertion = await sign(claimsOf(visitor, user, decision), assertionSeconds);
      return { outcome: 'admitted', atMs, headers: headersOf(user, { roles, assertion }) };
    });
  }
  return {
    enter: (visitor, question) =>
      andThen(personOf(visitor.userId), (person) => enter(visitor, question, person)),
    enterKnown(visitor, question) {
      const person = knownPerson(visitor.userId);
      if (person === undefined) return undefined;
      const last = latest.find(visitor, question, person);
      if (last !== undefined) return last.headers;
      const verdict = enter(visitor, question, person);
      if (verdict instanceof Promise) {
        verdict.catch(() => undefined); // who asks again hears of it
        return undefined;
      }
      if (verdict.outcome === 'refused') return undefined;
      latest.note(visitor, { question, person, admitted: verdict });
      return verdict.headers;
    },
    mayStay: (visitor, question) =>
      andThen(personOf(visitor.userId), (person) => decide(visitor, question, person).outcome === 'admitted'),
  };
}

type Claims = Readonly<Record<string, unknown>>;
type Admission = { readonly company: EntryCompany; readonly groups: readonly string[] };

function claimsOf(visitor: Visitor, user: Person['user'], { company, groups }: Admission): Claims {
  return {
    sub: user.id,
    sid: visitor.id,
    org_id: company.id,
    org_slug: company.slug,
    roles: groups,
    name: user.displayName,
    ...(user.email !== null && { email: user.email }),
  };
}

type Made = { readonly atMs: number; admitted: MaybeLater<Admitted> };

function headersOf(
  user: Person['user'],
  { roles, assertion }: { roles: string; assertion: string },
): Admitted['headers'] {
  return {
    'x-auth-request-user': user.id,
    ...(user.email !== null && { 'x-auth-request-email': user.email }),
    'x-auth-request-groups': roles,
    'x-gatehouse-assertion': assertion,
  };
}

function isRepeatable(clock: Clock, { atMs }: { readonly atMs: number }): boolean {
  return Math.abs(clock.now().getTime() - atMs) < repeatMs;
}

type Decided = { readonly question: EntryQuestion; readonly person: Person; readonly admitted: Admitted };

/** A decision rests on visitor, question and person alone: while they are the same objects, it is not made again. */
function openLatest(clock: Clock) {
  const latest = new WeakMap<Visitor, Decided>();
  return {
    find(visitor: Visitor, question: EntryQuestion, person: Person): Admitted | undefined {
      const last = latest.get(visitor);
      if (last?.question !== question || last.person !== person) return undefined;
      return isRepeatable(clock, last.admitted) ? last.admitted : undefined;
    },
    note: (visitor: Visitor, decided: Decided) => latest.set(visitor, decided),
  };
}

/** Hands out what was made for the same key within half a minute, to all who ask meanwhile as well. */
function openRepeating(clock: Clock) {
  const all = openBoundedMap<string, Made>(mostAssertions);
  return (key: string, make: () => Promise<Admitted>): MaybeLater<Admitted> => {
    const made = all.get(key);
    if (made !== undefined && isRepeatable(clock, made)) return made.admitted;
    const making = make();
    const fresh: Made = { atMs: clock.now().getTime(), admitted: making };
    all.set(key, fresh);
    making.then(
      (admitted) => (fresh.admitted = admitted),
      () => {
        all.delete(key);
      },
    );
    return making;
  };
}
