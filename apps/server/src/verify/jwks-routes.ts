import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Door } from '../http/door.ts';

/** Public members alone: whatever else a key were handed with would not pass (RFC 7518 §6.2.1). */
const PublicKeySet = z.object({
  keys: z.array(
    z.object({
      kty: z.literal('EC'),
      crv: z.literal('P-256'),
      x: z.string(),
      y: z.string(),
      kid: z.string(),
      alg: z.literal('ES256'),
      use: z.literal('sig'),
    }),
  ),
});

const Discovery = z.object({
  issuer: z.string(),
  jwks_uri: z.string(),
  response_types_supported: z.array(z.string()),
  subject_types_supported: z.array(z.string()),
  id_token_signing_alg_values_supported: z.array(z.string()),
});

export type JwksDeps = {
  readonly publicOrigin: URL;
  readonly publicKeys: () => Promise<{
    readonly keys: readonly z.infer<typeof PublicKeySet>['keys'][number][];
  }>;
};

/** Where those who are handed our tokens find the keys to check them with. */
export function jwksRoutes(app: Door, { publicOrigin, publicKeys }: JwksDeps): void {
  // Read by libraries that verify what we sign (RFC 8414 §3); nobody is asked to sign in here by its means.
  const discovery = {
    issuer: publicOrigin.origin,
    jwks_uri: `${publicOrigin.origin}/.well-known/jwks.json`,
    response_types_supported: [],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
  };
  app.get(
    '/.well-known/openid-configuration',
    { schema: { response: { 200: Discovery } } },
    (_request, reply) => {
      openToAll(reply);
      return discovery;
    },
  );
  app.get(
    '/.well-known/jwks.json',
    { schema: { response: { 200: PublicKeySet } } },
    async (_request, reply) => {
      const { keys } = await publicKeys();
      openToAll(reply);
      return { keys: [...keys] };
    },
  );
}

function openToAll(reply: FastifyReply): void {
  // A new key is published longer than this before it signs.
  reply.header('cache-control', 'public, max-age=300');
  reply.header('access-control-allow-origin', '*');
  reply.header('cross-origin-resource-policy', 'cross-origin');
}
