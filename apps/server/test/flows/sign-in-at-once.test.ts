import { describe, expect } from 'vitest';
import { countAll, meOf } from '../support/people.ts';
import { test } from '../support/world.ts';

describe('many at once', () => {
  test('one hundred simultaneous callbacks of one attempt: one token call, one session', async ({ w }) => {
    w.google.signsInAs('ada');
    const { callback } = await w.browser.beginSignIn('google', { returnTo: '/x' });
    const answers = await Promise.all(Array.from({ length: 100 }, () => callback()));
    for (const answer of answers) expect(answer).toRedirectTo('/x');
    expect(new Set(answers.flatMap((answer) => answer.setCookies)).size).toBe(1);
    expect(w.google.journal.count('token')).toBe(1);
    expect(await w.count('sessions')).toBe(1);
    expect((await meOf(w.browser)).user.email).toBe('ada@acme.example');
  });

  test('one hundred callbacks over two replicas: one token call, one session', async ({ w }) => {
    w.google.signsInAs('ada');
    const { callback, callbackUrl } = await w.browser.beginSignIn('google', { returnTo: '/x' });
    const replica = await w.startReplica();
    const twin = replica.browserLike(w.browser);
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, turn) => (turn % 2 ? callback() : twin.ask(callbackUrl))),
    );
    for (const answer of answers) expect(answer).toRedirectTo('/x');
    expect(w.google.journal.count('token')).toBe(1);
    expect(await w.count('sessions')).toBe(1);
  });

  test('R-02 the first sign-in of one person in twenty browsers over two replicas makes one user', async ({
    w,
  }) => {
    w.google.signsInAs('ada');
    const replica = await w.startReplica();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, turn) => {
        const browser = turn % 2 ? w.newBrowser() : replica.browserLike(w.newBrowser());
        return browser.signIn('google');
      }),
    );
    for (const answer of answers) expect(answer).toRedirectTo('/');
    expect(await countAll(w)).toEqual({ users: 1, identities: 1, user_emails: 1, sessions: 20, members: 1 });
  });

  test('fifty first sign-ins into an empty company make one admin', async ({ w }) => {
    const keys = Array.from({ length: 50 }, (_, index) => `p${String(index)}`);
    keys.forEach((key, index) => {
      w.google.people.add({
        key,
        sub: `9${String(index).padStart(20, '0')}`,
        name: `Person ${String(index)}`,
        givenName: 'Person',
        familyName: String(index),
        email: `${key}@acme.example`,
        isEmailVerified: true,
        hd: 'acme.example',
      });
    });
    const begun = [];
    for (const key of keys) {
      w.google.signsInAs(key);
      begun.push(await w.newBrowser().beginSignIn('google'));
    }
    const answers = await Promise.all(begun.map(({ callback }) => callback()));
    for (const answer of answers) expect(answer).toRedirectTo('/');
    expect(await w.sql('select role from members')).toEqual([{ role: 'admin' }]);
    expect(await w.count('users')).toBe(50);
    expect(await w.count(`audit_events where type = 'member.first_admin_claimed'`)).toBe(1);
  });
});
