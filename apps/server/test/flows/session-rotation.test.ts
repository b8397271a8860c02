import { describe, expect } from 'vitest';
import { endedBecause, sessionIdOf, sessionsOf } from '../support/own-sessions.ts';
import { meOf, signInAs } from '../support/people.ts';
import { test } from '../support/world.ts';
import type { World } from '../support/world.ts';

const hour = 60 * 60_000;

describe('S-03 accepting an invitation', () => {
  /** Victor, who is in no company, is invited to Acme by Ada. */
  async function invited(w: World) {
    const ada = await signInAs(w, 'google', 'ada');
    const victor = await signInAs(w, 'google', 'victor');
    const emails = ['victor@corp.example'];
    await ada.post('/api/v1/companies/acme/invitations', { emails, grants: [] });
    const me = await meOf(victor);
    const id = me.invitations[0]?.id ?? '';
    return { victor, me, accept: (browser = victor) => browser.post(`/api/v1/me/invitations/${id}/accept`) };
  }

  test('gives the browser another session: the old cookie is worth nothing, the end stays where it was', async ({
    w,
  }) => {
    const { victor, me, accept } = await invited(w);
    const held = victor.cookies.get('gatehouse') ?? '';
    w.clock.advance(2 * hour);
    const answer = await accept();
    expect(answer.status, answer.body).toBe(200);
    const after = await meOf(victor);
    expect(answer.json()).toEqual(after);
    expect(after.companies).toMatchObject([{ slug: 'acme' }]);
    expect(after.session.id).not.toBe(me.session.id);
    expect(after.session.expiresAt).toBe(me.session.expiresAt);
    expect(victor.cookies.get('gatehouse')).not.toBe(held);
    const [, maxAge] = /Max-Age=(\d+)/.exec(answer.setCookies.join()) ?? [];
    expect(Number(maxAge) / 3600).toBeCloseTo(6, 1);
    w.otherBrowser.cookies.set('gatehouse', held);
    expect(await w.otherBrowser.get('/api/v1/me')).toBeProblem(401, 'unauthenticated');
  });

  test('continues the line: the trail tells of both, and the old callback still goes on', async ({ w }) => {
    const victor = w.newBrowser();
    const ada = await signInAs(w, 'google', 'ada');
    w.google.signsInAs('victor');
    const { callback } = await victor.beginSignIn('google');
    await callback();
    await ada.post('/api/v1/companies/acme/invitations', { emails: ['victor@corp.example'], grants: [] });
    const before = await meOf(victor);
    await victor.post(`/api/v1/me/invitations/${before.invitations[0]?.id ?? ''}/accept`);
    const after = await sessionIdOf(victor);
    expect(await endedBecause(w, 'replaced')).toMatchObject([
      { subject_id: before.session.id, actor_id: before.user.id },
    ]);
    const started = await w.sql(
      `select subject_id from audit_events where type = 'session.started' and reason = 'rotated'`,
    );
    expect(started).toEqual([{ subject_id: after }]);
    w.clock.advance(60_000);
    expect(await callback()).toRedirectTo('/');
    expect(await sessionIdOf(victor)).toBe(after);
    const [own] = await sessionsOf(victor);
    expect(new Date(own?.createdAt ?? '').getTime()).toBeLessThan(w.clock.now().getTime() - 59_000);
  });

  test('refused, it leaves the session as it is', async ({ w }) => {
    const { victor, accept } = await invited(w);
    await accept();
    const id = await sessionIdOf(victor);
    const again = await accept();
    expect(again).toBeProblem(409, 'invitation_accepted');
    expect(again.setCookies).toEqual([]);
    expect(await sessionIdOf(victor)).toBe(id);
  });
});
