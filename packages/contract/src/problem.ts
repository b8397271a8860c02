import { z } from 'zod';

/** `application/problem+json` (RFC 9457), extended by a code of the catalogue and a reference to its trace. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string().optional(),
  reference: z.string(),
});
export type Problem = z.infer<typeof Problem>;
