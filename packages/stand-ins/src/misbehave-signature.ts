import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import type { SignatureFault } from './misbehave-catalogue.ts';
import { pairsOf } from './misbehave.ts';
import type { FaultSet } from './misbehave.ts';
import type { Claims } from './misbehave-claims.ts';
import { makeSigningKey } from './signing.ts';
import type { KeyRing, SigningKey } from './signing.ts';

type Header = { alg: string; kid?: string };

function signed(claims: Claims, header: Header, key: KeyObject | Uint8Array): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ ...header, typ: 'JWT' }).sign(key);
}

function honest(claims: Claims, { kid, privateKey }: SigningKey): Promise<string> {
  return signed(claims, { alg: 'RS256', kid }, privateKey);
}

function unsigned(claims: Claims): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`;
}

/** Changes one byte in the middle: the last character's spare bits may be ignored by a decoder. */
function withBrokenSignature(token: string): string {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 0xff;
  return `${header}.${payload}.${bytes.toString('base64url')}`;
}

const signers: Record<SignatureFault, (claims: Claims, ring: KeyRing) => Promise<string>> = {
  wrong_key: async (claims, ring) =>
    signed(claims, { alg: 'RS256', kid: ring.current().kid }, (await makeSigningKey()).privateKey),
  unknown_kid: (claims, ring) =>
    signed(claims, { alg: 'RS256', kid: randomBytes(20).toString('base64url') }, ring.current().privateKey),
  missing_kid: (claims, ring) => signed(claims, { alg: 'RS256' }, ring.current().privateKey),
  missing_kid_several_keys: (claims, ring) => signed(claims, { alg: 'RS256' }, ring.current().privateKey),
  alg_none: (claims) => Promise.resolve(unsigned(claims)),
  hs256_with_public_key: (claims, ring) => {
    const secret = Buffer.from(ring.current().publicKey.export({ type: 'spki', format: 'pem' }).toString());
    return signed(claims, { alg: 'HS256', kid: ring.current().kid }, secret);
  },
  es256_forged: (claims, ring) => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    return signed(claims, { alg: 'ES256', kid: ring.current().kid }, privateKey);
  },
  broken_signature: async (claims, ring) => withBrokenSignature(await honest(claims, ring.current())),
  key_rotated: async (claims, ring) => {
    await ring.rotate();
    return honest(claims, ring.current());
  },
};

/** Signs with the ring's current key, or as the first signature fault that is on would have it. */
export async function signIdToken(
  claims: Claims,
  ring: KeyRing,
  faults: FaultSet<SignatureFault>,
): Promise<string> {
  ring.narrow(faults.has('missing_kid'));
  const spoiled = pairsOf(signers).find(([fault]) => faults.has(fault));
  return spoiled === undefined ? honest(claims, ring.current()) : spoiled[1](claims, ring);
}
