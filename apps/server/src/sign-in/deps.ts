import type { Attempt, Purpose, SignInPurpose } from '../attempt/index.ts';
import type { PlatformConnections } from '../connection/index.ts';
import type { Database, SystemTx } from '../db/scopes.ts';
import type { Origin } from '../audit/index.ts';
import type { Clock } from '../kernel/clock.ts';
import type { ErrorCode } from '../kernel/errors.ts';
import type { StepName, TimedStep, Trace } from '../kernel/trace.ts';
import type { ProvenIdentity, Provider } from '../provider/provider.ts';
import type { LiveSession, SessionLimits } from '../session/index.ts';
import type { SignInOutcome } from './outcome.ts';

/** The browser that a sign-in happens in. */
export type Browser = {
  /** What its attempt cookie holds; absent until it begins its first sign-in. */
  readonly secret?: string;
  /** The session it holds, signed in already. */
  readonly sessionToken?: string;
  /** The refresh token it holds; sent to the paths of the API surface alone. */
  readonly refreshToken?: string;
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

/** How a sign-in ended, once that is committed, and the steps that the settlement took. */
export type Settled = (
  | {
      readonly outcome: 'signed_in';
      readonly session: LiveSession;
      /** What the browser is to hold from now on; none where it holds that already. */
      readonly token?: string;
      readonly purpose: Purpose;
    }
  | { readonly outcome: 'refused'; readonly reason: ErrorCode; readonly reference: string }
) & { readonly steps: readonly TimedStep[] };

/**
 * What it was for, which says where to go on; the session that the browser is in from now on, and the token to hold for
 * it, none where the browser holds it already.
 */
export type Finished = {
  readonly purpose: Purpose;
  readonly session: LiveSession;
  readonly token?: string;
};

/** What a browser holds once it is signed in. */
export type Hold = {
  readonly kind: LiveSession['kind'];
  readonly limits: SessionLimits;
  /** The token of a settled attempt, the same for the same callback. */
  readonly derive: (browserSecret: string, salt: Buffer) => string;
  /** The one that the browser brings along. */
  readonly tokenOf: (browser: Browser) => string | undefined;
  readonly find: (
    tx: SystemTx,
    token: string,
    during: { readonly limits: SessionLimits; readonly now: Date },
  ) => Promise<LiveSession | undefined>;
};

/** The last step of a sign-in: one transaction that decides and writes everything, or records a refusal. */
export type Settle = (proof: Proof) => Promise<Settled>;

/** What one of the two requests of a sign-in came to: the way to the provider, or the way back. */
export type Leg = {
  readonly reference: string;
  /** Undefined where the callback belonged to no attempt. */
  readonly connectionId: string | undefined;
  /** `departed`: the sign-in goes on at the provider. */
  readonly outcome: SignInOutcome | 'departed';
  /** What it was refused with, and what exactly was found. */
  readonly refusal?: { readonly code: ErrorCode; readonly finding: string };
  readonly steps: readonly TimedStep[];
};

export type SignInDeps = {
  /** Hears of every leg once it is over, for counting and tracing. Must not throw. */
  readonly onLeg: (leg: Leg) => void;
  readonly db: Database;
  readonly clock: Clock;
  readonly connections: PlatformConnections;
  readonly openProvider: (connectionId: string) => Provider;
  readonly settle: Readonly<Record<Purpose['kind'], Settle>>;
  /** What each kind of sign-in leaves in the browser. */
  readonly holds: Readonly<Record<SignInPurpose['kind'], Hold>>;
};
