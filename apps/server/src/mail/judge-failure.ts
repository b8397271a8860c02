import { plainLine } from './plain-line.ts';

/** How a try ended, as far as the mail server is concerned. */
export type SendOutcome = { readonly outcome: 'sent' } | SendFailure;

export type SendFailure = {
  /**
   * `refused`: for good, another try would end the same way. `put_off`: not now. `unreachable`: it was not asked about
   * this mail at all, and the others would fare no better.
   */
  readonly outcome: 'refused' | 'put_off' | 'unreachable';
  /** For whoever waits for the mail: the server's words on it, or ours on the server. */
  readonly error: string;
  readonly cause: unknown;
};

/** What the library adds to an error (nodemailer, `errors.d.ts`). */
type SmtpError = {
  /** A text from the library and from Node's network; a number where something was aborted. */
  readonly code?: string | number;
  readonly originalCode?: string | number;
  readonly command?: string;
  readonly response?: string;
  readonly responseCode?: number;
  readonly permanent?: boolean;
};

/** RFC 5321 §3.8: it is about to end the connection, and says nothing of the mail. */
const closing = 421;
/** RFC 4954 §6: who we are is in question, and not the mail. */
const aboutLogin: readonly (number | undefined)[] = [530, 534, 535, 538];

/** `hasBegun`: whether any of the mail itself was handed over, so that it may have arrived. */
export function judgeFailure(error: unknown, { hasBegun }: { hasBegun: boolean }): SendFailure {
  // Each of them may be missing, as from any other error.
  const failure = (error instanceof Error ? error : {}) as SmtpError;
  const { code, responseCode } = failure;
  const isAboutMail = code === 'EENVELOPE' || code === 'EMESSAGE';
  if (isAboutMail && responseCode !== closing && !aboutLogin.includes(responseCode)) {
    const isForGood = failure.permanent ?? true; // without an answer: what the library itself refuses to send
    const words = plainLine(failure.response ?? textOf(error));
    return { outcome: isForGood ? 'refused' : 'put_off', error: words, cause: error };
  }
  const words = `The mail server ${whatHappened(failure)}.`;
  return { outcome: hasBegun ? 'put_off' : 'unreachable', error: words, cause: error };
}

/** Without the server's name and address, which are the operator's: the log has them. */
function whatHappened({ code, originalCode, responseCode }: SmtpError): string {
  if (responseCode !== undefined) return `answered ${String(responseCode)}`;
  if (code === 'ETIMEDOUT') return 'did not answer in time';
  if (code === 'EAUTH') return 'was not given the right login';
  if (code === 'ETLS') return 'offered no encryption that could be used';
  const cause = originalCode ?? code;
  return `could not be reached${typeof cause === 'string' ? ` (${plainLine(cause)})` : ''}`;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
