import { afterAll, expect, test } from 'vitest';
import { systemClock } from '../../src/kernel/clock.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { startTrace } from '../../src/kernel/trace.ts';
import { oidcProvider } from '../../src/provider/oidc.ts';
import type { Provider } from '../../src/provider/provider.ts';
import { browseBack, clientId, clientSecret, startCertifiedProvider } from '../support/certified-provider.ts';
import { arrive, callbackUrl, caught, expectError, state, testDeps } from './journey.ts';

const { issuer, close } = await startCertifiedProvider(callbackUrl);
afterAll(close);

function company(changes: { clientSecret?: string } = {}): Provider {
  const secret = new Secret(changes.clientSecret ?? clientSecret);
  return oidcProvider({ issuer, clientId, clientSecret: secret }, testDeps());
}

async function visit(provider: Provider, login: string) {
  const { redirectTo, remembered } = await provider.begin({ callbackUrl, state, hints: {} });
  const callback = await browseBack(redirectTo, login);
  expect(callback.searchParams.get('state')).toBe(state);
  return { callback, remembered, trace: startTrace(systemClock) };
}

test('a person of a certified OpenID provider that we did not write is proven', async () => {
  const provider = company();
  const journey = await visit(provider, 'ada');
  expect(journey.callback.searchParams.get('iss')).toBe(issuer);
  await expect(arrive(provider, journey)).resolves.toEqual({
    issuer,
    subject: 'ada',
    displayName: 'Ada Byron',
    email: { kind: 'verified', address: 'ada@acme.example', authoritative: false },
  });
});

test('there, too, an unverified address is only claimed', async () => {
  const provider = company();
  const { email } = await arrive(provider, await visit(provider, 'eve'));
  expect(email).toEqual({ kind: 'claimed', address: 'eve@acme.example' });
});

test('P-07 there, too, an answer without the issuer is refused', async () => {
  const provider = company();
  const { callback, ...journey } = await visit(provider, 'ada');
  callback.searchParams.delete('iss');
  expectError(await caught(arrive(provider, { ...journey, callback })), 'provider_refused', 'issuer_missing');
});

test('P-37 there, too, a code goes with its own verifier only', async () => {
  const provider = company();
  const journey = await visit(provider, 'ada');
  const remembered = { ...journey.remembered, verifier: 'v'.repeat(43) };
  const error = await caught(arrive(provider, { ...journey, remembered }));
  expectError(error, 'provider_refused', 'code_used_or_expired');
});

test('there, too, a wrong client secret is a mistake of the configuration', async () => {
  const provider = company({ clientSecret: 'wrong' });
  const error = await caught(arrive(provider, await visit(provider, 'ada')));
  expectError(error, 'provider_misconfigured', 'client_rejected');
});
