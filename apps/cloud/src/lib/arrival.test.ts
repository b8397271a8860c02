import { expect, test } from 'vitest';
import { readArrival } from './arrival.ts';

const at = (search: string, pathname = '/auth/callback') => ({ pathname, search });

test('a token leaves the address, which becomes the place where the person was going', () => {
  expect(readArrival(at('?token=a.b.c&returnTo=%2Freports%3Fa%3D1'), '/')).toEqual({
    token: 'a.b.c',
    address: '/reports?a=1',
    onwards: undefined,
  });
  expect(readArrival(at('?token=a.b.c'), '/')).toMatchObject({ address: '/' });
});

test('where the pages make room for an application, the place is the application’s', () => {
  expect(readArrival(at('?token=t&returnTo=%2Freports'), '/auth/app')).toEqual({
    token: 't',
    address: '/auth/app/account',
    onwards: '/reports',
  });
  expect(readArrival(at('?token=t'), '/auth/app')).toMatchObject({ onwards: undefined });
});

test.each(['https://evil.example/', '//evil.example', '/\\evil.example', '/auth/callback?token=x', '/a%0d'])(
  'nobody is sent on to %s',
  (returnTo) => {
    const search = `?${new URLSearchParams({ token: 't', returnTo }).toString()}`;
    expect(readArrival(at(search), '/')).toMatchObject({ address: '/' });
    expect(readArrival(at(search), '/auth/app')).toMatchObject({ onwards: undefined });
  },
);

test('any other address is none to arrive at', () => {
  expect(readArrival(at('?token=t', '/sign-in'), '/')).toBeUndefined();
  expect(readArrival(at('?token='), '/')).toBeUndefined();
  expect(readArrival(at(''), '/')).toBeUndefined();
});
