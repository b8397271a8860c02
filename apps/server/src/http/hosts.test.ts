import { describe, expect, test } from 'vitest';
import { hostPolicy } from './hosts.ts';

const at = (address: string, localOnly = false, more: string[] = []) => {
  const publicOrigin = new URL(address);
  return hostPolicy({ localOnly, publicOrigin, acceptedOrigins: [publicOrigin.origin, ...more] });
};
const call = (host: string | undefined) => ({ host, isForwarded: false, opensPage: false });
const page = (host: string) => ({ host, isForwarded: false, opensPage: true });

describe('a public address', () => {
  const decide = at('https://gate.example', false, ['https://app.example:8443']);
  test.each(['gate.example', 'Gate.Example:443', 'app.example:8443', 'localhost:9', '127.9.9.9', '[::1]'])(
    '%s',
    (host) => {
      expect(decide(call(host))).toEqual({ outcome: 'answered' });
      expect(decide(page(host))).toEqual({ outcome: 'answered' });
    },
  );

  test.each([
    '',
    ' ',
    'gate.example:80',
    'gate.example:',
    'app.example',
    'gate.example/',
    '0.0.0.0',
    '127.1',
    'localhost.',
  ])('not %j', (host) => {
    expect(decide(call(host))).toEqual({ outcome: 'refused', finding: 'host_unknown' });
  });

  test('no Host is no name', () => {
    expect(decide(call(undefined))).toEqual({ outcome: 'refused', finding: 'host_missing' });
  });
});

describe('a loopback address', () => {
  const decide = at('http://localhost:3000');
  test('pages move to its name, calls do not', () => {
    expect(decide(page('127.0.0.1:3000'))).toEqual({ outcome: 'moved' });
    expect(decide(call('127.0.0.1:3000'))).toEqual({ outcome: 'answered' });
  });

  test('its own name stays, whatever port it was forwarded to', () => {
    expect(decide(page('localhost:49152'))).toEqual({ outcome: 'answered' });
  });
});

test('open to this machine only, a public name is nobody’s even if configured', () => {
  const decide = at('https://gate.example', true);
  expect(decide(call('gate.example'))).toEqual({ outcome: 'refused', finding: 'host_unknown' });
  expect(decide({ ...call('localhost'), isForwarded: true })).toEqual({
    outcome: 'refused',
    finding: 'forwarded_in_local',
  });
});
