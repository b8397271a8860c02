import { describe, expect, test } from 'vitest';
import { csrfFacts, decideCsrf, decideUpstreamCsrf } from './csrf.ts';
import type { CsrfFacts } from './csrf.ts';

const own = 'https://gate.example';
const spa = 'https://app.example';
const rules = { publicOrigin: own, acceptedOrigins: [own, spa] };

const methods = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'QUERY', 'TRACE', 'post'];
const authorizations = [
  undefined,
  'Bearer abc.def',
  'bearer a=',
  'Basic YTpi',
  'Bearer',
  'Bearer ',
  'Bearer a b',
  'XBearer a',
];
const headers = [undefined, '1', '0', '', '1, 1'];
const bodies = [
  { hasBody: false, contentType: undefined },
  { hasBody: false, contentType: 'text/plain' },
  { hasBody: true, contentType: 'application/json' },
  { hasBody: true, contentType: 'Application/JSON; charset=utf-8' },
  { hasBody: true, contentType: 'text/plain' },
  { hasBody: true, contentType: 'application/jsonp' },
  { hasBody: true, contentType: 'text/plain; application/json' },
  { hasBody: true, contentType: undefined },
];
const origins = [
  undefined,
  own,
  spa,
  'null',
  'https://evil.example',
  'https://gate.example.evil.example',
  `${own}/`,
  '',
];
const sites = [undefined, 'same-origin', 'same-site', 'none', 'cross-site'];

/** The contract's sentence, written the other way round from the code. */
function mayPass(facts: CsrfFacts): boolean {
  if (['GET', 'HEAD', 'OPTIONS'].includes(facts.method)) return true;
  if (['Bearer abc.def', 'bearer a='].includes(facts.authorization ?? '')) return true;
  const hasMark = facts.csrfHeader === '1';
  const bodyIsFine =
    !facts.hasBody ||
    ((facts.contentType ?? '').toLowerCase().startsWith('application/json') &&
      facts.contentType !== 'application/jsonp');
  const originIsFine = [undefined, own, spa].includes(facts.origin);
  const siteIsFine = facts.fetchSite !== 'cross-site' || facts.origin === spa;
  return hasMark && bodyIsFine && originIsFine && siteIsFine;
}

function* matrix(): Generator<CsrfFacts> {
  for (const method of methods)
    for (const authorization of authorizations)
      for (const csrfHeader of headers)
        for (const body of bodies)
          for (const origin of origins)
            for (const fetchSite of sites)
              yield { method, authorization, csrfHeader, origin, fetchSite, ...body };
}

test('every call of the matrix is decided as the contract says (S-16)', () => {
  let accepted = 0;
  let refused = 0;
  const wrong: CsrfFacts[] = [];
  for (const facts of matrix()) {
    const passes = decideCsrf(facts, rules).outcome === 'accepted';
    if (passes !== mayPass(facts)) wrong.push(facts);
    if (passes) accepted += 1;
    else refused += 1;
  }
  expect(wrong).toEqual([]);
  expect(accepted + refused).toBe(10 * 8 * 5 * 8 * 8 * 5);
  expect(Math.min(accepted, refused)).toBeGreaterThan(20_000);
});

const ours: CsrfFacts = {
  method: 'POST',
  authorization: undefined,
  csrfHeader: '1',
  hasBody: true,
  contentType: 'application/json',
  origin: own,
  fetchSite: 'same-origin',
};

describe('the finding says which rule it was', () => {
  test.each<[Partial<CsrfFacts>, string]>([
    [{ origin: 'https://evil.example' }, 'origin_foreign'],
    [{ fetchSite: 'cross-site' }, 'site_foreign'],
    [{ fetchSite: 'cross-site', origin: undefined }, 'site_foreign'],
    [{ csrfHeader: undefined }, 'csrf_header_missing'],
    [{ contentType: 'text/plain' }, 'body_not_json'],
  ])('%j: %s', (change, finding) => {
    expect(decideCsrf({ ...ours, ...change }, rules)).toEqual({ outcome: 'refused', finding });
  });
});

describe('what goes upstream is judged by its Origin alone', () => {
  const sent = { method: 'POST', origin: own, isWebSocket: false };
  test.each<[Partial<typeof sent> | { origin: undefined }, boolean]>([
    [{}, true],
    [{ origin: spa }, true],
    [{ origin: undefined }, true],
    [{ origin: 'https://evil.example' }, false],
    [{ origin: 'null' }, false],
    [{ method: 'PROPFIND', origin: 'https://evil.example' }, false],
    [{ method: 'GET', origin: 'https://evil.example' }, true],
    [{ method: 'GET', origin: 'https://evil.example', isWebSocket: true }, false],
    [{ method: 'GET', isWebSocket: true }, true],
  ])('%j passes: %s', (change, passes) => {
    const decision = decideUpstreamCsrf({ ...sent, ...change }, rules);
    expect(decision.outcome === 'accepted').toBe(passes);
  });
});

describe('what is read off a request', () => {
  test.each([
    [{ 'content-length': '0' }, false],
    [{ 'content-length': '2' }, true],
    [{ 'transfer-encoding': 'chunked' }, true],
    [{}, false],
  ])('%j has a body: %s', (given, hasBody) => {
    expect(csrfFacts('POST', given).hasBody).toBe(hasBody);
  });

  test('a header that came twice is not the header', () => {
    expect(csrfFacts('POST', { 'x-csrf': ['1', '1'] }).csrfHeader).toBe('1, 1');
  });
});
