import { z } from 'zod';

export const CompanyRole = z.enum(['admin', 'user']);
export type CompanyRole = z.infer<typeof CompanyRole>;
export const CompanyStatus = z.enum(['pending', 'active', 'suspended']);
export type CompanyStatus = z.infer<typeof CompanyStatus>;
export const ProjectRole = z.enum(['viewer', 'editor', 'admin']);
export type ProjectRole = z.infer<typeof ProjectRole>;
export const ProjectStatus = z.enum(['active', 'read_only', 'disabled']);
export type ProjectStatus = z.infer<typeof ProjectStatus>;
export const InvitationStatus = z.enum(['pending', 'accepted', 'revoked', 'expired']);
export type InvitationStatus = z.infer<typeof InvitationStatus>;
/** `not_configured`: no mail is sent in this deployment; tell the person yourself. */
export const DeliveryStatus = z.enum([
  'not_configured',
  'pending',
  'sent',
  'failed_retryable',
  'failed_terminal',
  'suppressed',
]);

/** 2 to 40 lower-case letters, digits and single hyphens between them. */
export const Slug = z
  .string()
  .min(2)
  .max(40)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);

export const Moment = z.iso.datetime();

export const ProjectGrant = z.object({ project: Slug, role: ProjectRole });
export type ProjectGrant = z.infer<typeof ProjectGrant>;

export const MyInvitation = z.object({
  id: z.uuid(),
  company: z.object({ slug: Slug, name: z.string() }),
  email: z.string(),
  role: CompanyRole,
  grants: z.array(ProjectGrant),
  invitedBy: z.string().nullable(),
  expiresAt: Moment,
});
export type MyInvitation = z.infer<typeof MyInvitation>;

/** `GET /api/v1/me`. `email` is a verified address or null. */
export const MeAnswer = z.object({
  user: z.object({ id: z.uuid(), displayName: z.string(), email: z.string().nullable() }),
  session: z.object({
    id: z.uuid(),
    expiresAt: Moment,
    signedInWith: z.string(),
    company: z.string().optional(),
  }),
  companies: z.array(
    z.object({
      id: z.uuid(),
      slug: Slug,
      name: z.string(),
      status: CompanyStatus,
      role: CompanyRole,
      projects: z.array(
        z.object({ id: z.uuid(), slug: Slug, name: z.string(), role: ProjectRole, status: ProjectStatus }),
      ),
    }),
  ),
  invitations: z.array(MyInvitation),
});
export type MeAnswer = z.infer<typeof MeAnswer>;
