import { accountErrors } from './account-errors.ts';
import type { Catalogue } from './account-errors.ts';

/**
 * Every code that leaves Gatehouse, with its HTTP status (RFC 9110), its title and what to do about it. A code is never
 * renamed. `docs/errors.md` is generated from this table.
 */
export const errorCatalogue = {
  ...accountErrors,
  attempt_invalid: {
    status: 400,
    title: 'This sign-in cannot be continued',
    remedy:
      'Start the sign-in again. It took over ten minutes, was already used, or began in another browser.',
  },
  connection_unknown: {
    status: 400,
    title: 'No company sign-in for this address',
    remedy: 'Choose one of the ways to sign in that the sign-in page lists.',
  },
  cookie_duplicate: {
    status: 400,
    title: 'The browser sent the same cookie twice',
    remedy:
      'Both were cleared. Sign in again; if it comes back, another site on this domain sets our cookie.',
  },
  code_invalid: {
    status: 400,
    title: 'This code does not fit',
    remedy: 'Type the code of the newest mail. After five tries, or ten minutes, ask for a new one.',
  },
  email_invalid: {
    status: 400,
    title: 'Not an e-mail address',
    remedy: 'Send a plain address such as ada@acme.example, one address to a field.',
  },
  provider_denied: {
    status: 400,
    title: 'The sign-in was stopped at the provider',
    remedy: 'Nothing was changed. Sign in again, or use another way.',
  },
  provider_refused: {
    status: 400,
    title: 'The provider’s answer could not be trusted',
    remedy: 'The reference leads to the trace, which names the check that failed.',
  },
  provider_unknown: {
    status: 400,
    title: 'No such way to sign in',
    remedy: 'Use one of the providers that `GET /auth/providers` lists.',
  },
  request_invalid: {
    status: 400,
    title: 'The request is malformed',
    remedy: 'The detail names the field. The API description says what is expected.',
  },
  return_to_invalid: {
    status: 400,
    title: 'Not a place to return to',
    remedy:
      '`returnTo` is a path of this origin: one leading slash, not below /auth/ or /api/, at most 2048 characters.',
  },
  unauthenticated: {
    status: 401,
    title: 'Nobody is signed in',
    remedy: 'Sign in. The session may have ended, expired or been revoked.',
  },
  account_disabled: {
    status: 403,
    title: 'This account is disabled',
    remedy: 'Ask an administrator of the service; signing in another way leads to the same account.',
  },
  company_pending: {
    status: 403,
    title: 'This company is not active yet',
    remedy: 'The operator activates it. Its administrators can already prepare it.',
  },
  company_suspended: {
    status: 403,
    title: 'This company is suspended',
    remedy: 'Ask an administrator of the company, or the operator of the service.',
  },
  csrf_rejected: {
    status: 403,
    title: 'The request did not prove that our own page sent it',
    remedy: 'Send `X-CSRF: 1`, a JSON body if any, and no foreign `Origin`.',
  },
  email_domain_not_allowed: {
    status: 403,
    title: 'This e-mail domain is not allowed here',
    remedy: 'Switch to an account with an address of an allowed domain.',
  },
  email_unverified: {
    status: 403,
    title: 'A verified e-mail address is needed here',
    remedy: 'Verify the address at the provider, then sign in again.',
  },
  forbidden: {
    status: 403,
    title: 'Your role does not allow this',
    remedy: 'Ask an administrator of the company or project.',
  },
  identity_conflict: {
    status: 403,
    title: 'This address belongs to an account with another identity of the same provider',
    remedy:
      'Sign in with the identity used before. If the address changed hands, an administrator invites you anew.',
  },
  not_found: {
    status: 404,
    title: 'Not found',
    remedy: 'Check the address. What you may not see is not found either.',
  },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    remedy: 'The `Allow` header lists what is.',
  },
  invitation_accepted: {
    status: 409,
    title: 'This invitation was accepted',
    remedy: 'Remove the member instead.',
  },
  invitation_expired: {
    status: 409,
    title: 'This invitation has expired',
    remedy: 'Ask an administrator of the company for a new one.',
  },
  invitation_revoked: {
    status: 409,
    title: 'This invitation was withdrawn',
    remedy: 'Ask an administrator of the company for a new one.',
  },
  join_request_decided: {
    status: 409,
    title: 'This request was decided already',
    remedy: 'Reload the list of requests. Who was declined can ask again or be invited.',
  },
  last_admin: {
    status: 409,
    title: 'A company keeps at least one administrator',
    remedy: 'Make somebody else an administrator first.',
  },
  link_required: {
    status: 409,
    title: 'This address belongs to an account that exists',
    remedy: 'Sign in to that account the usual way within ten minutes; the two are then linked.',
  },
  slug_taken: { status: 409, title: 'This short name is taken', remedy: 'Choose another one.' },
  body_too_large: { status: 413, title: 'The body is too large', remedy: 'Send at most 64 kB.' },
  media_type_unsupported: {
    status: 415,
    title: 'Not a media type we read',
    remedy: 'Send `application/json`.',
  },
  host_unknown: {
    status: 421,
    title: 'This server answers for another host',
    remedy: 'Open the configured public address, or set it to the one you use.',
  },
  rate_limited: { status: 429, title: 'Too many requests', remedy: 'Wait as long as `Retry-After` says.' },
  headers_too_large: {
    status: 431,
    title: 'The browser sent too much stored data',
    remedy: 'Clear the cookies of this site and try again.',
  },
  internal_error: {
    status: 500,
    title: 'Something went wrong on our side',
    remedy: 'Try again in a few minutes. The reference leads to the log.',
  },
  provider_misconfigured: {
    status: 502,
    title: 'This way to sign in needs its operator’s attention',
    remedy:
      'The reference leads to the trace, which names what the provider and the configuration disagree on.',
  },
  mail_not_configured: {
    status: 503,
    title: 'This deployment sends no mail',
    remedy: 'The operator sets CLOUDGRID_INVITATION_EMAIL_SMTP_HOST and the variables beside it.',
  },
  mail_not_queued: {
    status: 503,
    title: 'The mail could not be queued, so nothing was done',
    remedy:
      'Wait a while: this mailbox was sent as many mails as it gets in a day. Or tell the person yourself.',
  },
  overloaded: {
    status: 503,
    title: 'Too much is going on right now',
    remedy:
      'Nothing was done. Wait a few seconds, then load it again; programs wait as long as Retry-After says.',
  },
  upstream_unavailable: {
    status: 502,
    title: 'The application is not answering',
    remedy: 'Try again in a moment. You are signed in; what is behind the gate could not be reached.',
  },
  provider_unavailable: {
    status: 503,
    title: 'The provider is not answering',
    remedy: 'Try again in a moment, or use another way to sign in.',
  },
  storage_unavailable: {
    status: 503,
    title: 'The database is not answering',
    remedy: 'Try again in a moment. What was under way happened as a whole or not at all.',
  },
  upstream_timeout: {
    status: 504,
    title: 'The application took too long to answer',
    remedy: 'Look whether it was done before you send it again: the request was passed on.',
  },
} as const satisfies Catalogue;

export type ErrorCode = keyof typeof errorCatalogue;

/** What may travel with an error into traces and logs: never a token, code, cookie or raw provider body. */
export type ErrorContext = {
  /** What exactly was found, for traces and administrators: `nonce_mismatch`. */
  readonly finding?: string;
  /** A sentence for the caller, made from our own words only. */
  readonly detail?: string;
  /** The trace this error belongs to, where one exists already. */
  readonly reference?: string;
  readonly retryAfterSeconds?: number;
  readonly [fact: string]: string | number | boolean | undefined;
};

/** An expected failure. Whatever else is thrown is a bug and leaves as `internal_error`. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly context: ErrorContext;

  constructor(code: ErrorCode, context: ErrorContext = {}, options?: { cause: unknown }) {
    super(code, options);
    this.code = code;
    this.context = context;
  }

  get status(): number {
    return errorCatalogue[this.code].status;
  }
}
