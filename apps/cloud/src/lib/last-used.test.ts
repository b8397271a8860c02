import { expect, test } from 'vitest';
import { lastUsedAmong, rememberLastUsed } from './last-used.ts';

const shelfOf = (kept = new Map<string, string>()) => ({
  kept,
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => void kept.set(key, value),
});

test('the way used last time is marked among several', () => {
  const shelf = shelfOf();
  rememberLastUsed(shelf, 'google');
  expect(lastUsedAmong(shelf, ['github', 'google', 'azure'])).toBe('google');
});

test('nothing is marked where there is one way only, or where the remembered way is gone', () => {
  const shelf = shelfOf();
  rememberLastUsed(shelf, 'google');
  expect(lastUsedAmong(shelf, ['google'])).toBeUndefined();
  expect(lastUsedAmong(shelf, ['github', 'azure'])).toBeUndefined();
});

test('only the id of a provider is ever kept on the device', () => {
  const shelf = shelfOf();
  rememberLastUsed(shelf, 'github');
  rememberLastUsed(shelf, 'ada@acme.example');
  expect([...shelf.kept]).toEqual([['gatehouse.last-used', 'github']]);
});

test('a browser that refuses storage marks nothing and breaks nothing', () => {
  rememberLastUsed(undefined, 'github');
  expect(lastUsedAmong(undefined, ['github', 'google'])).toBeUndefined();
});
