import { z } from 'zod';
import { ListQuery } from './control-plane.ts';
import { CompanyRole, InvitationStatus, Moment, ProjectGrant, ProjectRole, Slug } from './people.ts';

export const LandingParams = z.object({ id: z.uuid() });

/**
 * `GET /api/v1/invitations/{id}`: what somebody who follows the link of an invitation sees before they sign in. Once it
 * is decided or ran out, what it promised is not told any more.
 */
export const LandingInvitation = z.object({
  id: z.uuid(),
  company: z.object({ slug: Slug, name: z.string() }),
  status: InvitationStatus,
  /** The name of the member who invited; null where it was the operator, or somebody who has left. */
  invitedBy: z.string().nullable(),
  /** The invited address: whole for whoever has proven it, with most of its local part hidden for everybody else. */
  email: z.string(),
  /** Whether the account that is signed in has proven the invited address. */
  isYours: z.boolean(),
  role: CompanyRole,
  grants: z.array(z.object({ project: z.string(), role: ProjectRole })),
  expiresAt: Moment,
});
export type LandingInvitation = z.infer<typeof LandingInvitation>;

/** `POST /api/v1/me/email-proofs`: sends a code to the mailbox. 202 whoever holds the address. */
export const NewEmailProof = z.strictObject({ email: z.string().max(512) });
export const EmailProof = z.object({ id: z.uuid(), email: z.string(), expiresAt: Moment });
export type EmailProof = z.infer<typeof EmailProof>;
export const EmailProofParams = z.object({ id: z.uuid() });
/** Six digits; spaces between them are no part of it. */
export const EmailProofCode = z.strictObject({ code: z.string().max(32) });

export const JoinRequestStatus = z.enum(['pending', 'approved', 'declined']);
export type JoinRequestStatus = z.infer<typeof JoinRequestStatus>;
export const JoinRequest = z.object({
  id: z.uuid(),
  userId: z.uuid(),
  displayName: z.string(),
  /** A verified address, as of the request. */
  email: z.string().nullable(),
  status: JoinRequestStatus,
  createdAt: Moment,
  decidedAt: Moment.nullable(),
  /** The name of the member who decided. */
  decidedBy: z.string().nullable(),
});
export type JoinRequest = z.infer<typeof JoinRequest>;
export const JoinRequestListQuery = ListQuery.extend({ status: JoinRequestStatus.optional() });
export const JoinRequestParams = z.object({ slug: Slug, id: z.uuid() });
export const JoinRequestApproval = z.strictObject({
  grants: z.array(z.strictObject(ProjectGrant.shape)).max(100).default([]),
});
