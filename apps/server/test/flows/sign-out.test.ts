import { describe, expect } from 'vitest';
import { signInAs } from '../support/people.ts';
import { test } from '../support/world.ts';

describe('sign-out', () => {
  test('S-08 ends the session on the server: the cookie is worth nothing afterwards', async ({ w }) => {
    await signInAs(w, 'google', 'ada', w.browser);
    const held = w.browser.cookies.get('gatehouse') ?? '';
    const answer = await w.browser.post('/auth/logout');
    expect(answer.status).toBe(204);
    expect(answer.setCookies.join()).toMatch(/^gatehouse=; Max-Age=0;/);
    w.browser.cookies.set('gatehouse', held);
    expect(await w.browser.get('/api/v1/me')).toBeProblem(401, 'unauthenticated');
    expect(await w.count(`audit_events where type = 'session.ended' and reason = 'signed_out'`)).toBe(1);
  });

  test('S-10 tells the browser to forget, and may be repeated', async ({ w }) => {
    await signInAs(w, 'google', 'ada', w.browser);
    for (let time = 0; time < 2; time += 1) {
      const answer = await w.browser.post('/auth/logout');
      expect(answer.status).toBe(204);
      expect(answer.headers['clear-site-data']).toBe('"cache"');
      expect(answer.headers['cache-control']).toContain('no-store');
    }
  });

  test('S-16 a Bearer token spares the proof of our own page, and then the cookie counts for nothing', async ({
    w,
  }) => {
    await signInAs(w, 'google', 'ada', w.browser);
    const foreign = { authorization: 'Bearer x', 'x-csrf': '', origin: 'https://evil.example' };
    const made = await w.browser.ask('/api/v1/companies/acme/projects', {
      method: 'POST',
      as: 'api',
      headers: foreign,
      json: { slug: 'evil', name: 'Evil' },
    });
    expect(made).toBeProblem(401, 'unauthenticated');
    await w.browser.ask('/auth/logout', { method: 'POST', as: 'api', headers: foreign });
    expect(await w.count('sessions where ended_at is null')).toBe(1);
  });

  test('wants our own page behind it', async ({ w }) => {
    await signInAs(w, 'google', 'ada', w.browser);
    const forged = await w.browser.ask('/auth/logout', {
      method: 'POST',
      as: 'api',
      headers: { 'x-csrf': '' },
    });
    expect(forged).toBeProblem(403, 'csrf_rejected');
    expect((await w.browser.get('/api/v1/me')).status).toBe(200);
  });
});
