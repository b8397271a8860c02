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

export type JwksDeps = {
  readonly publicKeys: () => Promise<{
    readonly keys: readonly z.infer<typeof PublicKeySet>['keys'][number][];
  }>;
};

/** Where those who are handed our tokens find the keys to check them with. */
export function jwksRoutes(app: Door, { publicKeys }: JwksDeps): void {
  app.get(
    '/.well-known/jwks.json',
    { schema: { response: { 200: PublicKeySet } } },
    async (_request, reply) => {
      const { keys } = await publicKeys();
      // A new key is published longer than this before it signs.
      reply.header('cache-control', 'public, max-age=300');
      reply.header('access-control-allow-origin', '*');
      reply.header('cross-origin-resource-policy', 'cross-origin');
      return { keys: [...keys] };
    },
  );
}
