import { createHmac, createPublicKey } from 'node:crypto';
import { expect } from 'vitest';
import type { ClaimFault, SignatureFault } from '../src/misbehave-catalogue.ts';
import { claimsOf, headerOf, read, signIn } from './drive.ts';
import type { SignedIn } from './drive.ts';
import { claim, idToken, isSignedByPublished, keysOf, publishedKids } from './fault-scene.ts';
import type { FaultCheck } from './fault-scene.ts';

const nowS = () => Date.now() / 1000;

export const claimChecks: Record<ClaimFault, FaultCheck> = {
  wrong_issuer: claim((claims, _, { issuer }) => {
    expect(claims['iss']).toMatch(/^https:/);
    expect(claims['iss']).not.toBe(issuer);
  }),
  wrong_audience: claim(({ aud }) => {
    expect(aud).toBe('nobody');
  }),
  other_app_audience: claim((claims, _, { clientId }) => {
    expect(typeof claims['aud']).toBe('string');
    expect(claims['aud']).not.toBe(clientId);
  }),
  missing_audience: claim((claims) => {
    expect(claims).not.toHaveProperty('aud');
  }),
  foreign_audience_added: claim((claims, _, { clientId }) => {
    expect(claims['aud']).toEqual([clientId, expect.any(String)]);
    expect(claims).not.toHaveProperty('azp');
  }),
  foreign_authorized_party: claim((claims, _, { clientId }) => {
    expect(claims['aud']).toEqual([clientId, claims['azp']]);
  }),
  wrong_nonce: claim((claims, { going }) => {
    expect(claims['nonce']).toEqual(expect.any(String));
    expect(claims['nonce']).not.toBe(going.nonce);
  }),
  missing_nonce: claim((claims) => {
    expect(claims).not.toHaveProperty('nonce');
  }),
  missing_subject: claim((claims) => {
    expect(claims).not.toHaveProperty('sub');
  }),
  missing_iat: claim((claims) => {
    expect(claims).not.toHaveProperty('iat');
  }),
  expired: claim(({ exp, iat }) => {
    expect(nowS() - Number(exp)).toBeGreaterThan(590);
    expect(Number(exp)).toBeGreaterThan(Number(iat));
  }),
  not_yet_valid: claim(({ nbf }) => {
    expect(Number(nbf) - nowS()).toBeGreaterThan(590);
  }),
  clock_ahead: claim(({ iat }, { date }) => {
    expect(Number(iat) - nowS()).toBeGreaterThan(290);
    expect(Date.parse(date ?? '') / 1000 - nowS()).toBeGreaterThan(290);
  }),
  wrong_at_hash: claim(({ at_hash: hash }) => {
    expect(hash).toBe('AAAAAAAAAAAAAAAAAAAAAA');
  }),
  wrong_c_hash: claim(({ c_hash: hash }) => {
    expect(hash).toBe('AAAAAAAAAAAAAAAAAAAAAA');
  }),
  no_email_in_id_token: claim((claims) => {
    expect(claims).not.toHaveProperty('email');
    expect(claims).toHaveProperty('sub');
  }),
};

/** The claims are in order, and the signature is what is wrong. */
const signature = (check: (signedIn: SignedIn) => void | Promise<void>) =>
  idToken(async (signedIn, { issuer, clientId }) => {
    expect(claimsOf(signedIn)).toMatchObject({ iss: issuer, aud: clientId, nonce: signedIn.going.nonce });
    await check(signedIn);
  });

export const signatureChecks: Record<SignatureFault, FaultCheck> = {
  wrong_key: signature(async (signedIn) => {
    expect(await publishedKids(signedIn)).toContain(headerOf(signedIn).kid);
    expect(await isSignedByPublished(signedIn)).toBe(false);
  }),
  unknown_kid: signature(async (signedIn) => {
    expect(headerOf(signedIn).kid).toEqual(expect.any(String));
    expect(await publishedKids(signedIn)).not.toContain(headerOf(signedIn).kid);
  }),
  missing_kid: signature(async (signedIn) => {
    expect(headerOf(signedIn)).not.toHaveProperty('kid');
    expect(await publishedKids(signedIn)).toHaveLength(1);
    expect(await isSignedByPublished(signedIn)).toBe(true);
  }),
  missing_kid_several_keys: signature(async (signedIn) => {
    expect(headerOf(signedIn)).not.toHaveProperty('kid');
    expect((await publishedKids(signedIn)).length).toBeGreaterThan(1);
    expect(await isSignedByPublished(signedIn)).toBe(true);
  }),
  alg_none: signature((signedIn) => {
    expect(headerOf(signedIn).alg).toBe('none');
    expect(signedIn.idToken.endsWith('.')).toBe(true);
  }),
  hs256_with_public_key: signature(async (signedIn) => {
    const { alg, kid } = headerOf(signedIn);
    expect(alg).toBe('HS256');
    const jwk = (await keysOf(signedIn)).keys.find((key) => key.kid === kid) ?? { kty: 'none' };
    const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    const [header, payload, mac] = signedIn.idToken.split('.');
    expect(createHmac('sha256', pem.toString()).update(`${header}.${payload}`).digest('base64url')).toBe(mac);
  }),
  es256_forged: signature(async (signedIn) => {
    expect(headerOf(signedIn).alg).toBe('ES256');
    expect(await publishedKids(signedIn)).toContain(headerOf(signedIn).kid);
  }),
  broken_signature: signature(async (signedIn) => {
    expect(headerOf(signedIn).alg).toBe('RS256');
    expect(await publishedKids(signedIn)).toContain(headerOf(signedIn).kid);
    expect(await isSignedByPublished(signedIn)).toBe(false);
  }),
  key_rotated: async ({ provider, standIn }) => {
    const { jwks_uri: url } = await read(provider.metadataUrl);
    const { keys: before } = await read(String(url));
    const signedIn = await signIn(provider);
    const { kid } = headerOf(signedIn);
    expect(JSON.stringify(before)).not.toContain(kid);
    expect(await publishedKids(signedIn)).toContain(kid);
    expect(await isSignedByPublished(signedIn)).toBe(true);
    standIn.misbehave.clear();
    expect(headerOf(await signIn(provider)).kid).toBe(kid);
  },
};
