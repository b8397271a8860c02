import { expect, test } from 'vitest';
import { keepInvitation } from '../../lib/kept-invitation.ts';
import { connectionTexts, cookieLost, problemTexts, unknownProblem } from '../../messages/en.ts';
import type { ProblemText } from '../../messages/en.ts';
import { readError } from './read-error.ts';

const tab = () => {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
};
const minuteMs = 60_000;
const lost = (reference: string) => `?code=attempt_invalid&ref=${reference}`;
const visit = (search: string, over: Partial<Parameters<typeof readError>[0]> = {}) =>
  readError({ search, tabShelf: tab(), keepsCookies: true, nowMs: 0, ...over });

test.each(Object.entries(problemTexts))('%s alone chooses its text', (code, text) => {
  expect(visit(`?code=${code}&ref=7KQM3XRD&title=Phish`).text).toBe(text);
});

test('a code that this page does not know gets the general text', () => {
  for (const search of ['', '?code=', '?code=nonsense', '?code=toString', '?code=%3Cb%3E']) {
    expect(visit(search).text).toBe(unknownProblem);
  }
});

test.each(Object.keys({ ...problemTexts, unheard_of: true }))(
  '%s in a sign-in for an invitation leads back to it, and says that it is still there',
  (code) => {
    const id = '01990000-0000-7000-8000-000000000001';
    const tabShelf = { ...tab(), removeItem: () => undefined };
    keepInvitation(tabShelf, id, 0);
    const shown = visit(`?code=${code}&ref=7KQM3XRD`, { tabShelf, nowMs: minuteMs });
    expect(shown.invitation?.id).toBe(id);
    expect(shown.text.next).toContain('nvitation');
    expect(shown.text.ways.filter(({ to }) => to !== 'start')).toEqual([]);
    expect(visit(`?code=${code}`, { tabShelf, nowMs: 61 * minuteMs }).invitation).toBeUndefined();
  },
);

test.each([
  'link_required',
  'identity_conflict',
  'email_unverified',
  'email_domain_not_allowed',
  'provider_denied',
])('after %s the invitation’s page asks which account to use', (code) => {
  const tabShelf = { ...tab(), removeItem: () => undefined };
  keepInvitation(tabShelf, '01990000-0000-7000-8000-000000000001', 0);
  expect(visit(`?code=${code}`, { tabShelf }).invitation?.switchAccount).toBe(true);
});

test('of the address, only a well-formed reference is shown', () => {
  expect(visit('?code=forbidden&ref=7KQM3XRD').reference).toBe('7KQM3XRD');
  expect(visit('?code=forbidden&ref=call-0900-123').reference).toBeUndefined();
});

test('a sign-in lost twice within minutes means that the browser keeps no cookie', () => {
  const tabShelf = tab();
  expect(visit(lost('7KQM3XRD'), { tabShelf }).text).toBe(problemTexts.attempt_invalid);
  expect(visit(lost('8KQM3XRD'), { tabShelf, nowMs: 2 * minuteMs }).text).toBe(cookieLost);
});

test('reloading the same error does not count as losing another sign-in', () => {
  const tabShelf = tab();
  visit(lost('7KQM3XRD'), { tabShelf });
  expect(visit(lost('7KQM3XRD'), { tabShelf, nowMs: 1000 }).text).toBe(problemTexts.attempt_invalid);
});

test('a sign-in lost an hour ago is forgotten', () => {
  const tabShelf = tab();
  visit(lost('7KQM3XRD'), { tabShelf });
  expect(visit(lost('8KQM3XRD'), { tabShelf, nowMs: 60 * minuteMs }).text).toBe(problemTexts.attempt_invalid);
});

test('a browser that says it refuses cookies or storage is told so the first time', () => {
  expect(visit(lost('7KQM3XRD'), { keepsCookies: false }).text).toBe(cookieLost);
  expect(visit(lost('7KQM3XRD'), { tabShelf: undefined }).text).toBe(cookieLost);
});

const everyText: ProblemText[] = [
  ...Object.values(problemTexts),
  ...Object.values(connectionTexts),
  cookieLost,
  unknownProblem,
];

test.each(everyText)(
  '“$title” does not blame, shout or beg, nor name a reference that may be missing',
  ({ title, happened, next, report = '' }) => {
    expect(`${title} ${happened} ${next}`).not.toContain('reference');
    expect([title, happened, next, report].join(' ')).not.toMatch(
      /\b(?:oops|forbidden|invalid|please|sorry)\b|!/i,
    );
  },
);
