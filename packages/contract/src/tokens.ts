import { z } from 'zod';
import { Slug } from './people.ts';

/** An access token (RFC 9068 `at+jwt`) and its life in seconds. The refresh token comes in an HttpOnly cookie. */
export const TokenAnswer = z.object({ accessToken: z.string(), expiresIn: z.int() });
export type TokenAnswer = z.infer<typeof TokenAnswer>;

/** `POST /api/v1/auth/refresh`. `company` is the slug of the one that the token is to speak of; without it the only one. */
export const RefreshWish = z.object({ company: Slug.optional() });

/** `GET /api/v1/auth/microsoft/login`. */
export const MicrosoftLoginQuery = z.object({
  email: z.string().optional(),
  returnTo: z.string().optional(),
  prompt: z.enum(['select_account', 'login']).optional(),
  invitation: z.uuid().optional(),
});
