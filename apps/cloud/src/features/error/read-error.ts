import { keptInvitation } from '../../lib/kept-invitation.ts';
import { losesAttempts } from '../../lib/lost-attempts.ts';
import { problemText } from '../../lib/problem-choice.ts';
import { readReference } from '../../lib/reference.ts';
import { cookieLost, invitee } from '../../messages/en.ts';
import type { ProblemText } from '../../messages/en.ts';

export type ShownError = {
  readonly code: string;
  readonly reference: string | undefined;
  readonly text: ProblemText;
  /** The invitation at which this sign-in began, in this tab. */
  readonly invitation: InvitationBack | undefined;
};

type InvitationBack = {
  readonly id: string;
  /** Another account is the way on, so that the provider should ask which to use. */
  readonly switchAccount: boolean;
};

type Browser = {
  readonly search: string;
  readonly tabShelf: Pick<Storage, 'getItem' | 'setItem'> | undefined;
  readonly keepsCookies: boolean;
  readonly nowMs: number;
};

/** What the error page shows: of its address, the code chooses a text and the reference is shown if it is one. */
export function readError({ search, tabShelf, keepsCookies, nowMs }: Browser): ShownError {
  const query = new URLSearchParams(search);
  const code = query.get('code') ?? '';
  const reference = readReference(query.get('ref'));
  const isLost =
    code === 'attempt_invalid' &&
    (losesAttempts(tabShelf, { reference: reference ?? String(nowMs), atMs: nowMs }) || !keepsCookies);
  const text = isLost ? cookieLost : problemText(code);
  const id = keptInvitation(tabShelf, nowMs);
  return id === undefined
    ? { code, reference, text, invitation: undefined }
    : {
        code,
        reference,
        text: forInvitee(text, code),
        invitation: { id, switchAccount: wantsOther(text, code) },
      };
}

const wantsOther = ({ ways }: ProblemText, code: string) =>
  code === 'link_required' || ways.some(({ to }) => to === 'switch-account');

/** Signing in from the sign-in page would leave the invitation waiting; from its own page, it is accepted with it. */
function forInvitee(text: ProblemText, code: string): ProblemText {
  const next = code === 'link_required' ? invitee.linkRequired : `${text.next} ${invitee.isSafe}`;
  return { ...text, next, ways: text.ways.filter(({ to }) => to === 'start') };
}
