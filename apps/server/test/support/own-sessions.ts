import { OwnSessionList } from '@gatehouse/contract';
import { expect } from 'vitest';
import type { Browser } from './browser.ts';
import { meOf } from './people.ts';
import type { World } from './world.ts';

export const sessionsPath = '/api/v1/me/sessions';
export const liveSessions = 'sessions where ended_at is null';

export async function sessionsOf(browser: Browser) {
  const answer = await browser.get(sessionsPath);
  expect(answer.status, answer.body).toBe(200);
  return OwnSessionList.parse(answer.json()).items;
}

export const sessionIdOf = async (browser: Browser) => (await meOf(browser)).session.id;

/** Signs Ada in with these headers at the callback. */
export async function signInFrom(w: World, headers: Record<string, string>): Promise<Browser> {
  const browser = w.newBrowser();
  w.google.signsInAs('ada');
  const { callbackUrl } = await browser.beginSignIn('google');
  expect(await browser.ask(callbackUrl, { headers })).toRedirectTo('/');
  return browser;
}

/** The ends of sessions that the trail tells of, for this reason. */
export async function endedBecause(w: World, reason: string) {
  return await w.sql<{ subject_id: string; actor_id: string; address: string | null }>(
    `select subject_id, actor_id, address from audit_events where type = 'session.ended' and reason = $1`,
    [reason],
  );
}
