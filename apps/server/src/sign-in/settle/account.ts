import { recordEvent } from '../../audit/index.ts';
import type { Origin } from '../../audit/index.ts';
import { endLinks } from '../../credential/index.ts';
import type { SystemTx } from '../../db/scopes.ts';
import {
  addIdentity,
  addWaitingIdentity,
  adoptAddress,
  createUser,
  decideLink,
  findHolder,
  findIdentity,
  lockIdentityAndAddress,
  markIdentitySeen,
  readUser,
  releaseAddresses,
  releaseContested,
  renameUser,
  takeLinks,
} from '../../identity/index.ts';
import type { IdentityKey, KnownIdentity, LinkDecision, LinkFacts, User } from '../../identity/index.ts';
import type { EmailAddress } from '../../kernel/email-address.ts';
import { queueMails } from '../../mail/index.ts';
import type { MailPolicy } from '../../mail/index.ts';
import type { VouchedEmail } from '../../provider/provider.ts';
import type { Proof } from '../deps.ts';

/** Whose account a proven identity leads to, decided and not yet written. */
export type Account = {
  readonly key: IdentityKey;
  readonly identity: KnownIdentity | undefined;
  readonly decision: LinkDecision;
  /** The account that exists already, if any. */
  readonly user: User | undefined;
  /** The address that this sign-in proves and that is, or becomes, this account's; nobody else's ever. */
  readonly ownAddress: EmailAddress | undefined;
};

/** Locks the identity and its address, reads the facts, decides. Writes nothing. */
export async function findAccount(tx: SystemTx, { attempt, proven }: Proof): Promise<Account> {
  const key = { connectionId: attempt.connectionId, issuer: proven.issuer, subject: proven.subject };
  const address = proven.email.kind === 'verified' ? proven.email.address : undefined;
  const locked = lockIdentityAndAddress(tx, key, address); // and what is asked after it is read under it
  const [identity, holder] = await Promise.all([
    findIdentity(tx, key),
    address === undefined ? undefined : findHolder(tx, address, key.connectionId),
    locked,
  ]);
  const facts: LinkFacts = {
    email: strengthOf(proven.email),
    ...(identity && { knownUserId: identity.userId }),
    ...(holder && { holder }),
  };
  const decision = decideLink(facts);
  const isExisting = decision.outcome === 'known' || decision.outcome === 'linked';
  const user = isExisting ? await readUser(tx, decision.userId) : undefined;
  const isOwn = holder === undefined || holder.userId === user?.id;
  return { key, identity, decision, user, ownAddress: isOwn ? address : undefined };
}

function strengthOf(email: VouchedEmail): LinkFacts['email'] {
  return email.kind === 'verified' && email.authoritative ? 'authoritative' : email.kind;
}

type Writing = { readonly proof: Proof; readonly now: Date };
type WritingMail = Writing & { readonly mailPolicy: MailPolicy };

/** In which browser somebody has signed in, and what the trail and the mail say of it. */
type Joining = {
  readonly browserHash: Buffer;
  readonly reference: string;
  readonly origin: Origin;
  readonly now: Date;
  readonly mailPolicy: MailPolicy;
};

/** Writes what was decided: the user, the identity, its address, and the identities that waited for this sign-in. */
export async function writeAccount(
  tx: SystemTx,
  account: Account,
  { proof, now, mailPolicy }: WritingMail,
): Promise<User> {
  const { key, decision } = account;
  const user = account.user ?? (await createUser(tx, proof.proven.displayName, now));
  const identityId = account.identity?.id ?? (await addIdentity(tx, user.id, { key, now }));
  const event = eventBy(user, proof, key);
  if (decision.outcome === 'created') await recordEvent(tx, { type: 'account.created', ...event }, now);
  if (decision.outcome === 'linked') {
    await recordEvent(tx, { type: 'identity.linked', ...event }, now);
    await tellOfLink(tx, { key, to: account.ownAddress }, joiningOf({ proof, now, mailPolicy }));
  }
  const adopted = 'adoptsAddress' in decision && decision.adoptsAddress ? account.ownAddress : undefined;
  // Each asks first what the next one rests on: an address is released before one is adopted, and both before links are taken.
  await Promise.all([
    account.identity && refreshProfile(tx, { user, identity: account.identity, proof, now }),
    adopted && adoptAddress(tx, { userId: user.id, address: adopted, identityId, now }),
    // Whoever registered this address has not shown that it is theirs; now somebody has.
    adopted && endLinks(tx, { addresses: [adopted] }, now),
    joinWaitingIdentities(tx, user.id, joiningOf({ proof, now, mailPolicy })),
  ]);
  return user;
}

type Refreshing = Writing & { readonly user: User; readonly identity: KnownIdentity };

/** What the provider says of a person it knows: a new name, and an address that takes the place of the one before. */
async function refreshProfile(tx: SystemTx, { user, identity, proof, now }: Refreshing): Promise<void> {
  const { proven, attempt } = proof;
  const key = { connectionId: attempt.connectionId, issuer: proven.issuer, subject: proven.subject };
  const event = { type: 'identity.profile_changed', ...eventBy(user, proof, key) } as const;
  const isRenamed = identity.isFirst && user.displayName !== proven.displayName;
  const released = proven.email.kind !== 'none' && {
    userId: user.id,
    identityId: identity.id,
    butFor: proven.email.address,
  };
  const [hasReleased] = await Promise.all([
    released && releaseAddresses(tx, released),
    markIdentitySeen(tx, identity.id, now),
    isRenamed && renameUser(tx, user.id, proven.displayName),
  ]);
  if (isRenamed) await recordEvent(tx, { ...event, reason: 'name' }, now);
  if (hasReleased) await recordEvent(tx, { ...event, reason: 'address' }, now);
}

/**
 * Whoever runs the mailbox says that it has a new owner: the account that held the address keeps everything else, and
 * no invitation to the address finds it any more.
 */
export async function contestAddress(tx: SystemTx, holderId: string, { proof, now }: Writing): Promise<void> {
  const { proven, attempt, browser } = proof;
  if (proven.email.kind !== 'verified') return;
  await readUser(tx, holderId); // in its turn, like any sign-in of theirs
  await releaseContested(tx, holderId, proven.email.address);
  const actor = { kind: 'nobody' } as const;
  const why = { reason: 'address_contested', reference: attempt.reference, origin: browser.origin };
  await recordEvent(tx, { type: 'identity.profile_changed', actor, subjectId: holderId, ...why }, now);
}

/** Identities whose address this user holds, proven in this browser within ten minutes, become the user's. */
export async function joinWaitingIdentities(tx: SystemTx, userId: string, joining: Joining): Promise<void> {
  const { browserHash, reference, origin, now } = joining;
  for (const { address, ...key } of await takeLinks(tx, { browserHash, userId, now })) {
    if (!(await addWaitingIdentity(tx, userId, { key, now }))) continue;
    const event = { ...linkedBy(userId, key), reference, origin };
    await recordEvent(tx, { type: 'identity.linked', ...event }, now);
    await tellOfLink(tx, { key, to: address }, joining);
  }
}

/** Whoever reads the mailbox learns that another way to sign in leads to its account. */
async function tellOfLink(
  tx: SystemTx,
  { key, to }: { key: IdentityKey; to: EmailAddress | undefined },
  { origin, now, mailPolicy }: Pick<Joining, 'origin' | 'now' | 'mailPolicy'>,
): Promise<void> {
  if (to === undefined) return;
  const { address = null } = origin;
  const facts = { provider: key.connectionId, at: now.toISOString(), address };
  await queueMails(tx, mailPolicy, { mails: [{ kind: 'identity_linked', to, facts }], at: now });
}

function joiningOf({ proof: { attempt, browser }, ...rest }: WritingMail): Joining {
  const { browserHash, reference } = attempt;
  return { browserHash, reference, origin: browser.origin, ...rest };
}

function linkedBy(userId: string, { connectionId, issuer }: IdentityKey) {
  return {
    actor: { kind: 'user', userId } as const,
    subjectId: userId,
    details: { connection: connectionId, issuer },
  };
}

function eventBy(user: User, { attempt, browser }: Proof, key: IdentityKey) {
  return { ...linkedBy(user.id, key), reference: attempt.reference, origin: browser.origin };
}
