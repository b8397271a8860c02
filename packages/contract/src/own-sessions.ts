import { z } from 'zod';
import { listOf } from './control-plane.ts';
import { Moment } from './people.ts';

/** A browser in which its reader is signed in, by what they recognise it by. */
export const OwnSession = z.object({
  id: z.uuid(),
  /** The one that asks. */
  isCurrent: z.boolean(),
  device: z.object({
    kind: z.enum(['desktop', 'phone', 'tablet', 'unknown']),
    browser: z.string().optional(),
    os: z.string().optional(),
  }),
  signedInWith: z.string(),
  /** Roughly, and only where the operator has a database of places: `near Zürich, Switzerland`. */
  place: z.string().optional(),
  /** From where the sign-in came. */
  address: z.string().optional(),
  createdAt: Moment,
  /** To the minute. */
  lastSeenAt: Moment,
  expiresAt: Moment,
});
export type OwnSession = z.infer<typeof OwnSession>;

/** All there are: the one that asks first, then by last use. */
export const OwnSessionList = listOf(OwnSession);
export type OwnSessionList = z.infer<typeof OwnSessionList>;

export const OwnSessionParams = z.object({ id: z.uuid().toLowerCase() });
/** Said in full, so that a path without its last part ends nothing. */
export const OtherSessionsQuery = z.strictObject({ others: z.literal('true') });
