import { randomBytes } from 'node:crypto';
import { createAuthorizationCodes } from './authorization-codes.ts';
import type { AuthorizationCodes, Grant } from './authorization-codes.ts';
import { createGates } from './gates.ts';
import type { Held } from './gates.ts';
import { createJournal } from './journal.ts';
import type { Journal, RequestKind } from './journal.ts';
import { listenOnLoopback } from './loopback-server.ts';
import { CLOCK_AHEAD_S } from './misbehave-claims.ts';
import { misbehaveRoutes } from './misbehave-page.ts';
import { createMisbehaviour } from './misbehave.ts';
import type { FaultMenu, FaultSource, Misbehave } from './misbehave.ts';
import { page } from './pages.ts';
import { createPeople } from './people.ts';
import type { Keyed, People } from './people.ts';
import { routed } from './routing.ts';
import type { Route } from './routing.ts';

export type StandInOptions<Person> = {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** A loopback address or `localhost`; anything else throws. */
  readonly host?: string;
  /** The only ones accepted, byte for byte; omitted, any is. */
  readonly redirectUris?: readonly string[];
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** Instead of the usual people. */
  readonly people?: readonly Person[];
  readonly now?: () => Date;
};

/** What every stand-in lets tests see and do. */
export type StandIn<Person extends Keyed, Fault extends string> = {
  readonly origin: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly people: People<Person>;
  readonly misbehave: Misbehave<Fault>;
  readonly journal: Journal;
  /** From now on this person signs in without a page; `undefined` shows the page again. Throws if unknown. */
  readonly signsInAs: (key: string | undefined) => void;
  /** Lets the next request of this kind wait. */
  readonly hold: (kind: RequestKind) => Held;
  readonly close: () => Promise<void>;
};

/** What the endpoints of one stand-in work with. */
export type Bench<Person extends Keyed, Fault extends string> = {
  readonly product: string;
  readonly origin: string;
  readonly client: {
    readonly id: string;
    readonly secret: string;
    readonly redirectUris: readonly string[] | undefined;
  };
  readonly people: Pick<People<Person>, 'all' | 'find'>;
  readonly faults: FaultSource<Fault>;
  readonly codes: AuthorizationCodes<Person>;
  readonly accessTokens: Map<string, Grant<Person>>;
  readonly now: () => Date;
  /** Who signs in without a page. */
  readonly signsIn: () => Person | undefined;
};

export type Role<Person extends Keyed, Fault extends string> = {
  readonly product: string;
  readonly options: StandInOptions<Person>;
  readonly usualPeople: readonly Person[];
  readonly menu: FaultMenu<Fault>;
  readonly usualClientId: string;
  /** A fault that sets every `Date` header ahead. */
  readonly clockFault?: Fault;
};

type Opened<Person extends Keyed, Fault extends string> = {
  readonly bench: Bench<Person, Fault>;
  readonly standIn: StandIn<Person, Fault>;
  /** Opens for business; until then every request gets 503. */
  readonly serve: (routes: readonly Route[]) => void;
};

export async function openStandIn<Person extends Keyed, Fault extends string>(
  role: Role<Person, Fault>,
): Promise<Opened<Person, Fault>> {
  const { product, options } = role;
  const now = options.now ?? (() => new Date());
  const server = await listenOnLoopback({ host: options.host ?? '127.0.0.1', port: options.port ?? 0 });
  const people = createPeople(options.people ?? role.usualPeople);
  const watchers = { journal: createJournal(now), gates: createGates() };
  const { misbehave, faults, isFault } = createMisbehaviour(role.menu);
  const { person, choose } = chooser(people);
  const { origin } = server;
  const client = clientOf(role);
  const codes = createAuthorizationCodes<Person>(now);
  return {
    bench: { product, origin, client, people, faults, codes, accessTokens: new Map(), now, signsIn: person },
    standIn: {
      origin,
      clientId: client.id,
      clientSecret: client.secret,
      people,
      misbehave,
      journal: watchers.journal,
      signsInAs: choose,
      hold: watchers.gates.hold,
      close: async () => {
        watchers.gates.releaseAll();
        await server.close();
      },
    },
    serve: (routes) => {
      const own = [
        welcomeRoute(product),
        ...misbehaveRoutes({ product, menu: role.menu, misbehave, isFault }),
      ];
      server.serve(
        routed([...own, ...routes], { ...watchers, clock: shownClock(now, faults, role.clockFault) }),
      );
    },
  };
}

function shownClock<Fault extends string>(
  now: () => Date,
  { isOn }: FaultSource<Fault>,
  fault: Fault | undefined,
): () => Date {
  const aheadMs = () => (fault !== undefined && isOn(fault) ? CLOCK_AHEAD_S * 1000 : 0);
  return () => new Date(now().getTime() + aheadMs());
}

function clientOf<Person extends Keyed, Fault extends string>({
  options,
  usualClientId,
}: Role<Person, Fault>) {
  return {
    id: options.clientId ?? usualClientId,
    secret: options.clientSecret ?? `secret:${randomBytes(18).toString('base64')}`,
    redirectUris: options.redirectUris,
  };
}

function chooser<Person extends Keyed>(people: People<Person>) {
  let chosenKey: string | undefined;
  return {
    choose: (key: string | undefined) => {
      if (key !== undefined && people.find(key) === undefined)
        throw new Error(`Nobody here has the key ${key}`);
      chosenKey = key;
    },
    person: () => (chosenKey === undefined ? undefined : people.find(chosenKey)),
  };
}

function welcomeRoute(product: string): Route {
  const body = `<p>Plays ${product} for demonstrations and tests, on this machine only.</p>
<p><a href="/misbehave">Make this provider misbehave</a></p>`;
  return { method: 'GET', path: '/', kind: 'page', answer: () => page({ product, title: 'Ready', body }) };
}
