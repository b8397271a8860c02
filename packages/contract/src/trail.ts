import { z } from 'zod';
import { ListQuery } from './control-plane.ts';
import { Moment } from './people.ts';

/**
 * Which events: by who did it (a user id), by type (`invitation.created`, or a family of types: `invitation`), by result,
 * and between two moments, the first included. `query` is a reference, or part of the id of what was acted upon.
 */
export const AuditFilter = z.strictObject({
  actor: z.uuid().optional(),
  type: z
    .string()
    .regex(/^[a-z_]+(?:\.[a-z_]+)?$/)
    .max(64)
    .optional(),
  result: z.enum(['succeeded', 'refused']).optional(),
  from: Moment.optional(),
  until: Moment.optional(),
  query: ListQuery.shape.query,
});
export type AuditFilter = z.infer<typeof AuditFilter>;

/** `format` chooses a page of JSON, or everything that the filter finds as one stream. */
export const AuditQuery = AuditFilter.extend({
  cursor: ListQuery.shape.cursor,
  limit: ListQuery.shape.limit,
  format: z.enum(['json', 'ndjson', 'csv']).optional(),
});

export const AuditEvent = z.object({
  id: z.uuid(),
  at: Moment,
  type: z.string(),
  result: z.enum(['succeeded', 'refused']),
  actor: z.object({
    kind: z.enum(['user', 'system', 'nobody']),
    userId: z.uuid().nullable(),
    /** As it is now; null for who is no member any more. */
    displayName: z.string().nullable(),
  }),
  /** What was acted upon, and its name where it has one that this company may know. */
  subject: z.object({ id: z.string(), name: z.string().nullable() }).nullable(),
  reference: z.string().nullable(),
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
  reason: z.string().nullable(),
  details: z.record(z.string(), z.json()),
});
export type AuditEvent = z.infer<typeof AuditEvent>;
