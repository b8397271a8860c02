import type { Attempt, Purpose } from '../attempt/index.ts';
import type { PlatformConnections } from '../connection/index.ts';
import type { Database } from '../db/scopes.ts';
import type { Origin } from '../audit/index.ts';
import type { Clock } from '../kernel/clock.ts';
import type { ErrorCode } from '../kernel/errors.ts';
import type { StepName, Trace } from '../kernel/trace.ts';
import type { ProvenIdentity, Provider } from '../provider/provider.ts';
import type { LiveSession } from '../session/index.ts';

/** The browser that a sign-in happens in. */
export type Browser = {
  /** What its attempt cookie holds; absent until it begins its first sign-in. */
  readonly secret?: string;
  /** The session it holds, signed in already. */
  readonly sessionToken?: string;
  readonly origin: Origin;
};

/** A browser that began a sign-in before. */
export type BoundBrowser = Browser & { readonly secret: string };

/** A browser's attempt whose identity the provider has proven. */
export type Proof = {
  readonly attempt: Attempt;
  readonly proven: ProvenIdentity;
  readonly browser: BoundBrowser;
  readonly trace: Trace;
  readonly providerSteps: readonly StepName[];
};

/** How a sign-in ended, once that is committed. */
export type Settled =
  | { readonly outcome: 'signed_in'; readonly sessionToken: string; readonly returnTo: string }
  | { readonly outcome: 'refused'; readonly reason: ErrorCode; readonly reference: string };

/** Where to go on, and the token of the session to hold; none where the browser holds it already. */
export type Finished = { readonly returnTo: string; readonly sessionToken?: string };

/** The last step of a sign-in: one transaction that decides and writes everything, or records a refusal. */
export type Settle = (proof: Proof) => Promise<Settled>;

export type SignInDeps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly connections: PlatformConnections;
  readonly openProvider: (connectionId: string) => Provider;
  readonly settle: Readonly<Record<Purpose['kind'], Settle>>;
  readonly sessionOf: (token: string) => Promise<LiveSession | undefined>;
};
