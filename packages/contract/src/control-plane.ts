import { z } from 'zod';
import {
  CompanyRole,
  DeliveryStatus,
  InvitationStatus,
  Moment,
  ProjectGrant,
  ProjectRole,
  ProjectStatus,
  Slug,
} from './people.ts';

/** Text on one line: no control characters and no halves of a character, for which the database has no place. */
const Line = z.string().regex(/^[^\p{Cc}\p{Cs}]*$/u);

/** Every list: at most `limit` items (50 unless said, 200 at most), and the cursor of the next page or null. */
export const ListQuery = z.strictObject({
  query: Line.max(200).optional(),
  cursor: z.string().max(512).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type ListQuery = z.infer<typeof ListQuery>;

export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** `role`, `project`: only who has that role in the company, or a role of their own in that project. */
export const MemberListQuery = ListQuery.extend({ role: CompanyRole.optional(), project: Slug.optional() });
export const InvitationListQuery = ListQuery.extend({ status: InvitationStatus.optional() });

export const CompanyParams = z.object({ slug: Slug });
export const MemberParams = CompanyParams.extend({ userId: z.uuid() });
export const ProjectParams = CompanyParams.extend({ project: Slug });
export const ProjectMemberParams = ProjectParams.extend({ userId: z.uuid() });
export const InvitationParams = CompanyParams.extend({ id: z.uuid() });
export const MyInvitationParams = z.object({ id: z.uuid() });

export const Member = z.object({
  userId: z.uuid(),
  displayName: z.string(),
  email: z.string().nullable(),
  role: CompanyRole,
  joinedAt: Moment,
  /** Roles given in projects themselves; told to admins of the company only. */
  projects: z.array(ProjectGrant).optional(),
});
export type Member = z.infer<typeof Member>;
export const MemberChange = z.strictObject({ role: CompanyRole });

export const Project = z.object({
  id: z.uuid(),
  slug: Slug,
  name: z.string(),
  status: ProjectStatus,
  createdAt: Moment,
});
export type Project = z.infer<typeof Project>;
const Name = Line.trim().min(1).max(120);
export const NewProject = z.strictObject({ slug: Slug, name: Name });
export const ProjectChange = z.strictObject({ name: Name.optional(), status: ProjectStatus.optional() });

/** `inherited`: an admin of the company, who is admin of every project. */
export const ProjectMember = z.object({
  userId: z.uuid(),
  displayName: z.string(),
  email: z.string().nullable(),
  role: ProjectRole,
  source: z.enum(['direct', 'inherited']),
});
export type ProjectMember = z.infer<typeof ProjectMember>;
export const ProjectMemberChange = z.strictObject({ role: ProjectRole });

export const Invitation = z.object({
  id: z.uuid(),
  email: z.string(),
  role: CompanyRole,
  status: InvitationStatus,
  grants: z.array(ProjectGrant),
  invitedBy: z.string().nullable(),
  createdAt: Moment,
  expiresAt: Moment,
  acceptedAt: Moment.nullable(),
  deliveryStatus: DeliveryStatus,
  lastDeliveryError: z.string().nullable(),
});
export type Invitation = z.infer<typeof Invitation>;

export const NewInvitations = z.strictObject({
  emails: z.array(z.string().max(512)).min(1).max(200),
  grants: z.array(z.strictObject(ProjectGrant.shape)).max(100).default([]),
});
export const InvitationOutcome = z.enum(['invited', 'already_pending', 'already_member', 'email_invalid']);
export const NewInvitationsAnswer = z.object({
  results: z.array(
    z.object({ email: z.string(), outcome: InvitationOutcome, invitation: Invitation.optional() }),
  ),
});
export type NewInvitationsAnswer = z.infer<typeof NewInvitationsAnswer>;

/** Brings somebody into one project: a member at once, anybody else by an invitation that carries the role. */
export const NewProjectInvitation = z.strictObject({ email: z.string().max(512), role: ProjectRole });
export const NewProjectInvitationAnswer = z.object({
  outcome: z.enum(['invitation_pending', 'membership_created']),
  invitation: Invitation.optional(),
  member: ProjectMember.optional(),
});
export type NewProjectInvitationAnswer = z.infer<typeof NewProjectInvitationAnswer>;
