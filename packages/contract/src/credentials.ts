import { z } from 'zod';
import { listOf } from './control-plane.ts';
import { Moment } from './people.ts';
import { TokenAnswer } from './tokens.ts';

const TypedEmail = z.string().max(512);
/** Taken exactly as typed, of any length: what is too long is refused with a sentence. */
const TypedPassword = z.string();
/** A one-time code of six digits, or a recovery code; spaces and hyphens are no part of either. */
const TypedCode = z.string().max(64);
/** Out of the link of a mail. */
const LinkToken = z.string().max(256);

/** `POST /api/v1/auth/check-method`: how somebody with such an address signs in. Decided by its domain alone. */
export const MethodQuestion = z.object({ email: TypedEmail });
export const MethodAnswer = z.object({
  method: z.enum(['password', 'sso']),
  loginUrl: z.string().optional(),
});
export type MethodAnswer = z.infer<typeof MethodAnswer>;

/** `POST /api/v1/auth/register`: 202 whoever asks. What comes next is in the mail. */
export const Registration = z.object({
  email: TypedEmail,
  password: TypedPassword.optional(),
  displayName: z.string().trim().max(200).optional(),
});
/**
 * `POST /api/v1/auth/email/verify`: makes the account. `password` is needed where none was given at the registration, or
 * where that happened in another browser.
 */
export const EmailVerification = z.object({ token: LinkToken, password: TypedPassword.optional() });

export const PasswordSignIn = z.object({
  email: TypedEmail,
  password: TypedPassword,
  /** The invitation on whose landing page the sign-in begins. */
  invitation: z.uuid().optional(),
});
/** `mfaToken` is good for one sign-in, for five minutes, and is no access token. */
export const MfaRequired = z.object({ mfaRequired: z.literal(true), mfaToken: z.string() });
export const PasswordSignInAnswer = z.union([TokenAnswer, MfaRequired]);
export type PasswordSignInAnswer = z.infer<typeof PasswordSignInAnswer>;
export const MfaVerification = z.object({ mfaToken: z.string().max(256), code: TypedCode });

export const ForgottenPassword = z.object({ email: TypedEmail });
export const PasswordReset = z.object({ token: LinkToken, password: TypedPassword });

/** `GET /api/v1/me/password`. */
export const OwnPassword = z.object({
  isSet: z.boolean(),
  changedAt: Moment.nullable(),
  /** How many characters a new one has at least. */
  minLength: z.int(),
});
export type OwnPassword = z.infer<typeof OwnPassword>;
/** `PUT /api/v1/me/password`. `currentPassword` is needed where there is one. */
export const PasswordChange = z.object({
  currentPassword: TypedPassword.optional(),
  newPassword: TypedPassword,
});

/** `GET /api/v1/me/mfa`. */
export const OwnMfa = z.object({
  totp: z.object({ enabledAt: Moment }).nullable(),
  recoveryCodesLeft: z.int(),
});
export type OwnMfa = z.infer<typeof OwnMfa>;
/** `POST /api/v1/me/mfa/totp`: for an authenticator app; counts once a code of it was typed back. */
export const TotpEnrolment = z.object({
  /** Base32, for typing in. */
  secret: z.string(),
  /** `otpauth://totp/…`, for a QR code. */
  uri: z.string(),
});
export type TotpEnrolment = z.infer<typeof TotpEnrolment>;
export const TotpConfirmation = z.object({ code: TypedCode });
/** Shown once. */
export const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) });
export type RecoveryCodes = z.infer<typeof RecoveryCodes>;

/** `POST /api/v1/me/step-up`: proves once more who it is; what is dangerous is then possible for ten minutes. */
export const StepUp = z.object({ password: TypedPassword.optional(), code: TypedCode.optional() });
/** `GET /api/v1/me/step-up`. Whoever has neither signs in once more. */
export const StepUpAnswer = z.object({
  /** Until when what is dangerous is possible without; null where it is not. */
  freshUntil: Moment.nullable(),
  ways: z.array(z.enum(['password', 'code', 'sign_in'])),
});
export type StepUpAnswer = z.infer<typeof StepUpAnswer>;

/** A way to sign in at a provider that leads to one's account. */
export const OwnIdentity = z.object({
  id: z.uuid(),
  /** The connection: `github`, `microsoft`, … */
  connection: z.string(),
  /** The provider's name, as people know it. */
  name: z.string(),
  createdAt: Moment,
  lastSeenAt: Moment,
  /** Whether this session began with it. */
  isCurrent: z.boolean(),
  /** Whether nothing else leads in, so that it stays. */
  isLastWayIn: z.boolean(),
});
export type OwnIdentity = z.infer<typeof OwnIdentity>;
/** `GET /api/v1/me/identities`: all of them, the oldest first. */
export const OwnIdentityList = listOf(OwnIdentity);
export const OwnIdentityParams = z.object({ id: z.uuid() });
