import { expect, test } from 'vitest';
import { nextPage } from './github.ts';

const api = new URL('https://git.acme.example/api/v3');
const link = (target: string, rel = 'next') => `<${target}>; rel="${rel}"`;
const second = 'https://git.acme.example/api/v3/user/emails?per_page=100&page=2';

test.each([
  { name: 'no header', header: null, next: undefined },
  { name: 'the next page', header: link(second), next: second },
  { name: 'the next page among others', header: `${link(second, 'last')}, ${link(second)}`, next: second },
  { name: 'no next page', header: link(second, 'prev'), next: undefined },
  { name: 'another host', header: link('https://evil.example/api/v3/user/emails'), next: undefined },
  { name: 'another port', header: link('https://git.acme.example:8443/api/v3/user/emails'), next: undefined },
  { name: 'plain http', header: link('http://git.acme.example/api/v3/user/emails'), next: undefined },
  { name: 'a path outside the API', header: link('https://git.acme.example/attacker/page'), next: undefined },
  { name: 'no address', header: link('/api/v3/user/emails?page=2'), next: undefined },
])('the access token follows a Link to $name: $next', ({ header, next }) => {
  expect(nextPage(header, api)?.href).toBe(next);
});
