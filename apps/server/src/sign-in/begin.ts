import { beginAttempt, markNotReturned, writeTrace } from '../attempt/index.ts';
import type { Purpose } from '../attempt/index.ts';
import type { Connection } from '../connection/index.ts';
import { inSystem } from '../db/scopes.ts';
import { newReference } from '../kernel/references.ts';
import { randomToken } from '../kernel/tokens.ts';
import { startTrace } from '../kernel/trace.ts';
import type { SignInHints } from '../provider/provider.ts';
import type { Browser, SignInDeps } from './deps.ts';
import { refuseAndThrow } from './refuse.ts';

export type Beginning = {
  readonly connection: Connection;
  readonly purpose: Purpose;
  readonly hints: SignInHints;
  readonly browser: Browser;
};

/**
 * Sends the browser to the provider and remembers, on the server, what must come back.
 * @throws AppError `provider_unavailable`, `provider_misconfigured`
 */
export async function beginSignIn(
  deps: SignInDeps,
  { connection, purpose, hints, browser }: Beginning,
): Promise<{ redirectTo: URL; browserSecret: string }> {
  const reference = newReference();
  const state = randomToken();
  const browserSecret = browser.secret ?? randomToken();
  const begunAt = deps.clock.now();
  const trace = startTrace(deps.clock);
  const provider = deps.openProvider(connection.id);
  const record = { reference, connectionId: connection.id, begunAt };
  try {
    const { redirectTo, remembered } = await trace.step('authorization_url', () =>
      provider.begin({ callbackUrl: connection.callbackUrl, state, hints }),
    );
    await inSystem(deps.db, async (tx) => {
      const attempt = { reference, state, browserSecret, connectionId: connection.id, purpose, remembered };
      const callbackPath = connection.callbackUrl.pathname;
      const begun = { ...record, endedAt: undefined, outcome: 'in_progress', code: undefined } as const;
      const [gaveWay] = await Promise.all([
        beginAttempt(tx, { ...attempt, callbackPath }, begunAt),
        writeTrace(tx, { ...begun, steps: trace.steps() }),
      ]);
      await markNotReturned(tx, gaveWay, begunAt);
    });
    deps.onLeg({ reference, connectionId: connection.id, outcome: 'departed', steps: trace.timedSteps() });
    return { redirectTo, browserSecret };
  } catch (error) {
    return await refuseAndThrow(deps, { record, error, trace, provider, browser });
  }
}
