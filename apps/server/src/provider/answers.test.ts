import { expect, test } from 'vitest';
import { errorCodeIn, objectIn, retryAfterIn } from './answers.ts';

const now = new Date('2026-03-01T12:00:00Z');

test.each<{ name: string; headers: Record<string, string>; seconds: number | undefined }>([
  { name: 'seconds', headers: { 'retry-after': '7' }, seconds: 7 },
  { name: 'a date', headers: { 'retry-after': 'Sun, 01 Mar 2026 12:00:30 GMT' }, seconds: 30 },
  { name: 'a date that has passed', headers: { 'retry-after': 'Sun, 01 Mar 2026 11:00:00 GMT' }, seconds: 1 },
  { name: 'a year', headers: { 'retry-after': '31536000' }, seconds: 3600 },
  { name: 'nonsense', headers: { 'retry-after': 'soon' }, seconds: undefined },
  { name: 'nothing', headers: {}, seconds: undefined },
  {
    name: 'the reset of an empty quota',
    headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now.getTime() / 1000 + 90) },
    seconds: 90,
  },
  {
    name: 'the reset of a quota that has some left',
    headers: { 'x-ratelimit-remaining': '12', 'x-ratelimit-reset': String(now.getTime() / 1000 + 90) },
    seconds: undefined,
  },
])('a provider that asks us to wait, by $name', ({ headers, seconds }) => {
  expect(retryAfterIn(new Headers(headers), now)).toBe(seconds);
});

test.each([
  { type: 'application/json', text: '{"a":1}', read: { a: 1 } },
  { type: 'application/json; charset=utf-8', text: '{"a":1}', read: { a: 1 } },
  { type: 'application/jwk-set+json', text: '{"a":1}', read: { a: 1 } },
  { type: 'text/html', text: '{"a":1}', read: undefined },
  { type: '', text: '{"a":1}', read: undefined },
  { type: 'application/json', text: '[1]', read: undefined },
  { type: 'application/json', text: 'null', read: undefined },
  { type: 'application/json', text: '{"a":', read: undefined },
])('a body of $type that reads $text', ({ type, text, read }) => {
  expect(objectIn({ status: 200, headers: new Headers({ 'content-type': type }), text })).toEqual(read);
});

test.each([
  { error: 'temporarily_unavailable', kept: { providerError: 'temporarily_unavailable' } },
  { error: '<script>alert(1)</script>', kept: {} },
  { error: 'Server_Error', kept: {} },
  { error: 'a'.repeat(65), kept: {} },
  { error: 42, kept: {} },
])('of a provider’s error only a plain code is kept: $error', ({ error, kept }) => {
  expect(errorCodeIn(error)).toEqual(kept);
});
