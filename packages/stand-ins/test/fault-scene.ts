import { compactVerify, createLocalJWKSet } from 'jose';
import type { JSONWebKeySet, JWK } from 'jose';
import { expect } from 'vitest';
import type { OidcStandIn } from '../src/index.ts';
import { arrival, claimsOf, departure, fields, read, signIn, tokenRequest } from './drive.ts';
import type { OidcProvider, SignedIn } from './drive.ts';

/** A stand-in with somebody who signs in without a page, and the fault turned on. */
export type Scene = {
  readonly provider: OidcProvider;
  readonly standIn: Pick<OidcStandIn, 'journal'> & { readonly misbehave: { readonly clear: () => void } };
};

export type FaultCheck = (scene: Scene) => Promise<void>;

export async function keysOf({ metadata }: SignedIn): Promise<JSONWebKeySet> {
  const { keys } = await read(String(metadata['jwks_uri']));
  return { keys: keys as JWK[] }; // each key is used as one below
}

export async function isSignedByPublished(signedIn: SignedIn): Promise<boolean> {
  const keys = await keysOf(signedIn);
  const results = keys.keys.map((key) =>
    compactVerify(signedIn.idToken, createLocalJWKSet({ keys: [key] })).then(
      () => true,
      () => false,
    ),
  );
  return (await Promise.all(results)).includes(true);
}

export const idToken =
  (check: (signedIn: SignedIn, provider: OidcProvider) => void | Promise<void>): FaultCheck =>
  async ({ provider }) => {
    const signedIn = await signIn(provider);
    expect(signedIn.response.status).toBe(200);
    await check(signedIn, provider);
  };

/** The claim is wrong and the token is otherwise in order: its signature holds. */
export const claim = (
  check: (claims: Record<string, unknown>, signedIn: SignedIn, provider: OidcProvider) => void,
) =>
  idToken(async (signedIn, provider) => {
    expect(await isSignedByPublished(signedIn)).toBe(true);
    check(claimsOf(signedIn), signedIn, provider);
  });

export const publishedKids = async (signedIn: SignedIn) =>
  (await keysOf(signedIn)).keys.map(({ kid }) => kid);

async function back({ provider }: Scene) {
  const metadata = await read(provider.metadataUrl);
  const going = departure(String(metadata['authorization_endpoint']), provider.clientId);
  return { ...(await arrival(going)), going, metadata };
}

export const redirected =
  (check: (arrived: Awaited<ReturnType<typeof back>>, provider: OidcProvider) => void): FaultCheck =>
  async (scene) => {
    const arrived = await back(scene);
    check(arrived, scene.provider);
  };

export const backWith = (error: string) =>
  redirected(({ params, going }) => {
    expect(params.get('error')).toBe(error);
    expect(params.get('state')).toBe(going.state);
    expect(params.get('code')).toBeNull();
  });

export async function exchange(scene: Scene, waiting: { patienceMs?: number } = {}): Promise<Response> {
  const { params, going, metadata } = await back(scene);
  const endpoint = String(metadata['token_endpoint']);
  const code = params.get('code') ?? '';
  return tokenRequest({ endpoint, client: scene.provider, code, verifier: going.verifier, ...waiting });
}

export const refusedToken =
  (status: number, error: string, text = ''): FaultCheck =>
  async (scene) => {
    const response = await exchange(scene);
    expect(response.status).toBe(status);
    const body = await fields(response);
    expect(body['error']).toBe(error);
    expect(String(body['error_description'])).toContain(text);
  };

export const tokenAnswer =
  (check: (response: Response) => Promise<void> | void): FaultCheck =>
  async (scene) => {
    await check(await exchange(scene));
  };
