import { expect } from 'vitest';
import type { Answer } from './browser.ts';
import { referenceOf } from './matchers.ts';
import { countAll, standInOf } from './people.ts';
import type { Provider } from './people.ts';
import type { World } from './world.ts';

type StepRow = { name: string; outcome: string; finding?: string };

/** The trace that an answer's reference leads to. */
export async function traceOf(w: World, answer: Answer) {
  const [row] = await w.sql<{ outcome: string; code: string; steps: StepRow[] }>(
    'select outcome, code, steps from traces where reference = $1',
    [referenceOf(answer)],
  );
  return row;
}

/** ∅: nothing made, one audit event, no session cookie, and the next good sign-in of the same browser works. */
export async function leavesNothing(w: World, before: Record<string, number>, answer: Answer): Promise<void> {
  expect(await countAll(w)).toEqual(before);
  expect(answer.setCookies.filter((cookie) => cookie.startsWith('gatehouse='))).toEqual([]);
  expect(
    await w.count(`audit_events where type = 'sign_in.refused' and reference = '${referenceOf(answer)}'`),
  ).toBe(1);
}

export async function nextSignInWorks(w: World, provider: Provider): Promise<void> {
  const standIn = standInOf(w, provider);
  standIn.misbehave.clear();
  standIn.signsInAs('ada');
  expect(await w.browser.signIn(provider)).toRedirectTo('/');
}
