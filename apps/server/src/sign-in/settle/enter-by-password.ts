import { hashBrowserSecret } from '../../attempt/index.ts';
import { rememberBrowser } from '../../credential/index.ts';
import type { SystemTx } from '../../db/scopes.ts';
import { findHolderOf, readUser } from '../../identity/index.ts';
import type { EmailAddress } from '../../kernel/email-address.ts';
import type { ErrorCode } from '../../kernel/errors.ts';
import { randomToken } from '../../kernel/tokens.ts';
import type { MailPolicy } from '../../mail/index.ts';
import type { LiveSession } from '../../session/index.ts';
import type { Browser, Hold } from '../deps.ts';
import { grantAccess, judgeAccess } from './access.ts';
import type { Access } from './access.ts';
import { joinWaitingIdentities } from './account.ts';
import { beginSession } from './begin-session.ts';

/** The connection of those who have shown a password of ours. */
export const passwordConnection = 'password';

type EnteringDeps = { readonly access: Access; readonly hold: Hold; readonly mailPolicy: MailPolicy };

export type Entering = {
  readonly bootstrap: Awaited<ReturnType<Access['readBootstrap']>>;
  readonly userId: string;
  /** The account's own, whose mailbox was proven. */
  readonly address: EmailAddress;
  readonly browser: Browser;
  readonly invitationId?: string | undefined;
  readonly reference: string;
  readonly now: Date;
};

export type Entered =
  | { readonly outcome: 'signed_in'; readonly session: LiveSession; readonly refreshToken: string }
  /** Nothing was written; the caller records it. */
  | { readonly outcome: 'refused'; readonly reason: ErrorCode };

export type EnterByPassword = {
  /** Before any other lock of the transaction. */
  readonly readBootstrap: Access['readBootstrap'];
  /** The last step of a sign-in by password, in the transaction that found it right. */
  readonly enter: (tx: SystemTx, entering: Entering) => Promise<Entered>;
};

/** A password that fits leads through the same decisions as a provider's proof. */
export function enterByPassword({ access, hold, mailPolicy }: EnteringDeps): EnterByPassword {
  return {
    readBootstrap: access.readBootstrap,
    async enter(tx, { bootstrap, userId, address, browser, invitationId, reference, now }) {
      const user = await readUser(tx, userId);
      // It may have become another account's since the password was shown.
      if ((await findHolderOf(tx, address))?.id !== userId)
        return { outcome: 'refused', reason: 'credentials_invalid' };
      const proven = { email: { kind: 'verified', address }, ownAddress: address } as const;
      const entrant = { user, ...proven, beganOnInvitation: invitationId };
      const judged = await judgeAccess(tx, access, { ...entrant, bootstrap, now });
      if (judged.decision.outcome === 'refused') return judged.decision;
      const { origin, secret } = browser;
      await grantAccess(tx, judged, { userId, cause: { origin, reference }, now });
      if (secret !== undefined) {
        const joining = { browserHash: hashBrowserSecret(secret), reference, origin, now, mailPolicy };
        await joinWaitingIdentities(tx, userId, joining);
        await rememberBrowser(tx, { userId, browserHash: joining.browserHash }, now);
      }
      const refreshToken = randomToken();
      const begun = { token: refreshToken, userId, connectionId: passwordConnection, isProof: true };
      const session = await beginSession(tx, hold, { ...begun, browser, reference, now });
      return { outcome: 'signed_in', session, refreshToken };
    },
  };
}
