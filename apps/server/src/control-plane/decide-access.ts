import type { EmailAddress } from '../kernel/email-address.ts';
import { domainOf } from '../kernel/email-address.ts';

/** The address that came with this sign-in, and whether its provider vouches for it. */
export type SignInEmail =
  | { readonly kind: 'none' }
  | { readonly kind: 'claimed'; readonly address: EmailAddress }
  | { readonly kind: 'verified'; readonly address: EmailAddress };

export type SignInPolicy =
  | { readonly kind: 'sso' | 'standard' }
  | { readonly kind: 'restricted'; readonly allowedDomains: readonly string[] };

/** An invitation to one of the person's verified addresses, still pending. */
export type FoundInvitation = {
  readonly id: string;
  readonly companyId: string;
  readonly isExpired: boolean;
};

/** Everything that the decision may know, read in the transaction that acts on it. */
export type AccessFacts = {
  readonly policy: SignInPolicy;
  /** A company's own connection vouches for that company alone. */
  readonly connection: 'platform' | { readonly companyId: string };
  readonly userStatus: 'active' | 'disabled';
  readonly email: SignInEmail;
  /** The company of this deployment; absent where there are many. */
  readonly bootstrap?: {
    readonly companyId: string;
    readonly firstAdminClaimed: boolean;
    /** The only address that may become the first administrator; any verified one where it is absent. */
    readonly onlyEmail?: EmailAddress;
  };
  /** How many companies the person is a member of. */
  readonly memberOf: number;
  /** Whether the deployment names its company. */
  readonly oneCompany: boolean;
  readonly invitations: readonly FoundInvitation[];
  /** The invitation on whose landing page this sign-in began. */
  readonly beganOnInvitation?: string;
};

export type AccessRefusal = 'account_disabled' | 'email_unverified' | 'email_domain_not_allowed';

export type AccessDecision =
  | { readonly outcome: 'refused'; readonly reason: AccessRefusal }
  | {
      readonly outcome: 'admitted';
      readonly becomesFirstAdmin: boolean;
      /** Invitations to accept now. The others wait for the person to decide. */
      readonly accepts: readonly string[];
    };

/**
 * May this person enter, and what does entering change? Whoever becomes the first administrator takes up no invitation
 * to that same company with it: it is taken up at a later sign-in, where the membership is kept.
 */
export function decideAccess(facts: AccessFacts): AccessDecision {
  const reason = refusalOf(facts);
  if (reason !== undefined) return { outcome: 'refused', reason };
  const becomesFirstAdmin = mayClaimFirstAdmin(facts);
  const accepts = facts.invitations
    .filter((invitation) => acceptsByItself(facts, invitation))
    .filter((invitation) => !(becomesFirstAdmin && invitation.companyId === facts.bootstrap?.companyId))
    .map((invitation) => invitation.id);
  return { outcome: 'admitted', becomesFirstAdmin, accepts };
}

function refusalOf({ userStatus, policy, email }: AccessFacts): AccessRefusal | undefined {
  if (userStatus === 'disabled') return 'account_disabled';
  if (policy.kind !== 'restricted') return undefined;
  if (email.kind !== 'verified') return 'email_unverified';
  return policy.allowedDomains.includes(domainOf(email.address)) ? undefined : 'email_domain_not_allowed';
}

function mayClaimFirstAdmin({ bootstrap, connection, email }: AccessFacts): boolean {
  if (bootstrap === undefined || bootstrap.firstAdminClaimed) return false;
  if (connection !== 'platform' || email.kind !== 'verified') return false;
  return bootstrap.onlyEmail === undefined || bootstrap.onlyEmail === email.address;
}

function acceptsByItself(facts: AccessFacts, { id, companyId, isExpired }: FoundInvitation): boolean {
  if (isExpired) return false;
  if (facts.connection !== 'platform' && facts.connection.companyId !== companyId) return false;
  return facts.oneCompany || facts.beganOnInvitation === id || facts.memberOf === 0;
}
