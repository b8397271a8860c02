import { expect, test } from 'vitest';
import { waysHere } from './ways-here.ts';

const github = { id: 'github', name: 'GitHub', loginUrl: '/auth/login?provider=github' };
const microsoft = { id: 'microsoft', name: 'Microsoft', loginUrl: '/api/v1/auth/microsoft/login' };
const elsewhere = 'https://elsewhere.example';

test.each([
  ['one origin for all: every way', { api: '', app: '' }, [github, microsoft]],
  [
    'the API’s own pages, beside others elsewhere: those that end in a cookie',
    { api: '', app: elsewhere },
    [github],
  ],
  ['pages away from the API: those that end in tokens', { api: elsewhere, app: '' }, [microsoft]],
])('%s', (_case, settings, expected) => {
  expect(waysHere([github, microsoft], settings)).toEqual(expected);
});

test('a way that leads elsewhere is better than none', () => {
  expect(waysHere([microsoft], { api: '', app: elsewhere })).toEqual([microsoft]);
  expect(waysHere([github], { api: elsewhere, app: '' })).toEqual([github]);
});
