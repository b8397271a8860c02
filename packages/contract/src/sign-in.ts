import { z } from 'zod';

/** What the sign-in page draws. */
export const ProvidersAnswer = z.object({
  mode: z.enum(['local', 'sso']),
  policy: z.enum(['standard', 'restricted', 'sso']),
  password: z.boolean(),
  providers: z.array(z.object({ id: z.string(), name: z.string(), loginUrl: z.string() })),
});
export type ProvidersAnswer = z.infer<typeof ProvidersAnswer>;

/** `GET /api/v1/auth/link`: somebody in token mode adds another way into their account. */
export const LinkQuery = z.object({ provider: z.string(), returnTo: z.string().optional() });

export const LoginQuery = z.object({
  provider: z.string().optional(),
  email: z.string().optional(),
  returnTo: z.string().optional(),
  /** Whoever is signed in adds another way into their account. */
  link: z.literal('1').optional(),
  prompt: z.enum(['select_account', 'login']).optional(),
  /** The invitation on whose landing page the sign-in begins: it is accepted with it, if it is to the person's address. */
  invitation: z.uuid().optional(),
});
