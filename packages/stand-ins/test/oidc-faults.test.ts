import { decodeProtectedHeader } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  CONSUMERS,
  CONTOSO,
  FABRIKAM,
  entraMenu,
  googleMenu,
  startEntra,
  startGoogle,
} from '../src/index.ts';
import type { EntraFault, EntraStandIn, GoogleFault, OidcStandIn } from '../src/index.ts';
import { read, signIn, verified } from './drive.ts';
import type { OidcProvider } from './drive.ts';
import { backWith, claim, refusedToken } from './fault-scene.ts';
import type { FaultCheck } from './fault-scene.ts';
import { endpointChecks, redirectChecks, tokenTransportChecks } from './http-checks.ts';
import { claimChecks, signatureChecks } from './id-token-checks.ts';

const googleChecks: Record<GoogleFault, FaultCheck> = {
  ...redirectChecks,
  ...claimChecks,
  ...signatureChecks,
  ...tokenTransportChecks,
  ...endpointChecks,
  consent_needed: backWith('consent_required'),
  invalid_client: refusedToken(401, 'invalid_client'),
  invalid_grant: refusedToken(400, 'invalid_grant'),
};

const entraChecks: Record<EntraFault, FaultCheck> = {
  ...googleChecks,
  consent_needed: backWith('interaction_required'),
  invalid_client: refusedToken(401, 'invalid_client', 'AADSTS7000215'),
  expired_secret: refusedToken(401, 'invalid_client', 'AADSTS7000222'),
  tid_mismatch: claim(({ tid, iss }) => {
    expect(tid).toBe(FABRIKAM);
    expect(iss).toContain(CONTOSO);
  }),
  missing_tid: claim((claims) => {
    expect(claims).not.toHaveProperty('tid');
    expect(claims['iss']).toContain(CONTOSO);
  }),
  v1_token: claim(({ ver, iss }) => {
    expect(ver).toBe('1.0');
    expect(iss).toBe(`https://sts.windows.net/${CONTOSO}/`);
  }),
  consumer_key: async ({ provider }) => {
    const { idToken, metadata } = await signIn(provider);
    const { keys } = await read(String(metadata['jwks_uri']));
    const issuer = expect.stringContaining(CONSUMERS) as string;
    expect(keys).toContainEqual(expect.objectContaining({ kid: decodeProtectedHeader(idToken).kid, issuer }));
  },
};

describe('Google misbehaves', () => {
  let google: OidcStandIn;
  let provider: OidcProvider;
  beforeAll(async () => {
    google = await startGoogle();
    provider = { ...google, metadataUrl: `${google.issuer}/.well-known/openid-configuration` };
    google.signsInAs('ada');
  });
  afterEach(() => {
    google.misbehave.clear();
  });
  afterAll(() => google.close());

  const faults = googleMenu.flatMap((section) => Object.keys(section.faults) as GoogleFault[]); // as the menu's type says
  test.each(faults)('%s', async (fault) => {
    google.misbehave(fault);
    await googleChecks[fault]({ provider, standIn: google });
    google.misbehave.clear();
    await expect(signIn(provider).then((signedIn) => verified(signedIn, provider))).resolves.toHaveProperty(
      'email',
    );
  });
});

describe('Entra misbehaves', () => {
  let entra: EntraStandIn;
  let provider: OidcProvider;
  beforeAll(async () => {
    entra = await startEntra();
    const metadataUrl = `${entra.issuerOf('common')}/.well-known/openid-configuration`;
    provider = { ...entra, metadataUrl, issuer: entra.issuerOf(CONTOSO) };
    entra.signsInAs('ada');
  });
  afterEach(() => {
    entra.misbehave.clear();
  });
  afterAll(() => entra.close());

  const faults = entraMenu.flatMap((section) => Object.keys(section.faults) as EntraFault[]); // as the menu's type says
  test.each(faults)('%s', async (fault) => {
    entra.misbehave(fault);
    await entraChecks[fault]({ provider, standIn: entra });
    entra.misbehave.clear();
    await expect(signIn(provider).then((signedIn) => verified(signedIn, provider))).resolves.toHaveProperty(
      'email',
    );
  });
});

test('every fault is in its menu once', () => {
  const named = (menu: readonly { faults: object }[]) =>
    menu.flatMap(({ faults }) => Object.keys(faults)).sort();
  expect(named(googleMenu)).toEqual(Object.keys(googleChecks).sort());
  expect(named(entraMenu)).toEqual(Object.keys(entraChecks).sort());
});
