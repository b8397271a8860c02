import { recordEvent } from '../../audit/index.ts';
import type { SystemTx } from '../../db/scopes.ts';
import {
  addIdentity,
  adoptAddress,
  createUser,
  decideLink,
  findHolder,
  findIdentity,
  hasIdentityAt,
  lockIdentityAndAddress,
  markIdentitySeen,
  readUser,
  renameUser,
  takeLinks,
} from '../../identity/index.ts';
import type { IdentityKey, KnownIdentity, LinkDecision, LinkFacts, User } from '../../identity/index.ts';
import type { VouchedEmail } from '../../provider/provider.ts';
import type { Proof } from '../deps.ts';

/** Whose account a proven identity leads to, decided and not yet written. */
export type Account = {
  readonly key: IdentityKey;
  readonly identity: KnownIdentity | undefined;
  readonly decision: LinkDecision;
  /** The account that exists already, if any. */
  readonly user: User | undefined;
};

/** Locks the identity and its address, reads the facts, decides. Writes nothing. */
export async function findAccount(tx: SystemTx, { attempt, proven }: Proof): Promise<Account> {
  const key = { connectionId: attempt.connectionId, issuer: proven.issuer, subject: proven.subject };
  const address = proven.email.kind === 'verified' ? proven.email.address : undefined;
  await lockIdentityAndAddress(tx, key, address);
  const identity = await findIdentity(tx, key);
  const holderId = address === undefined ? undefined : await findHolder(tx, address);
  const facts: LinkFacts = {
    email: strengthOf(proven.email),
    ...(identity && { knownUserId: identity.userId }),
    ...(holderId !== undefined && {
      holder: { userId: holderId, hasOtherIdentityHere: await hasIdentityAt(tx, holderId, key) },
    }),
  };
  const decision = decideLink(facts);
  const isExisting = decision.outcome === 'known' || decision.outcome === 'linked';
  return { key, identity, decision, user: isExisting ? await readUser(tx, decision.userId) : undefined };
}

function strengthOf(email: VouchedEmail): LinkFacts['email'] {
  return email.kind === 'verified' && email.authoritative ? 'authoritative' : email.kind;
}

type Writing = { readonly proof: Proof; readonly now: Date };

/** Writes what was decided: the user, the identity, its address, and the identities that waited for this sign-in. */
export async function writeAccount(tx: SystemTx, account: Account, { proof, now }: Writing): Promise<User> {
  const { key, decision } = account;
  const { proven } = proof;
  const user = account.user ?? (await createUser(tx, proven.displayName, now));
  const identityId = account.identity?.id ?? (await addIdentity(tx, user.id, { key, now }));
  const event = eventBy(user, proof, key);
  if (decision.outcome === 'created') await recordEvent(tx, { type: 'account.created', ...event }, now);
  if (decision.outcome === 'linked') await recordEvent(tx, { type: 'identity.linked', ...event }, now);
  if (account.identity !== undefined) {
    await markIdentitySeen(tx, account.identity.id, now);
    const isRenamed = account.identity.isFirst && user.displayName !== proven.displayName;
    if (isRenamed) {
      await renameUser(tx, user.id, proven.displayName);
      await recordEvent(tx, { type: 'identity.profile_changed', reason: 'name', ...event }, now);
    }
  }
  if ('adoptsAddress' in decision && decision.adoptsAddress && proven.email.kind === 'verified') {
    const { address } = proven.email;
    const replacesAnother = await adoptAddress(tx, { userId: user.id, address, identityId, now });
    if (replacesAnother)
      await recordEvent(tx, { type: 'identity.profile_changed', reason: 'address', ...event }, now);
  }
  await joinWaitingIdentities(tx, user, { proof, now });
  return user;
}

/** Identities whose address this user holds, proven in this browser within ten minutes, become the user's. */
async function joinWaitingIdentities(tx: SystemTx, user: User, { proof, now }: Writing): Promise<void> {
  const { browserHash } = proof.attempt;
  for (const key of await takeLinks(tx, { browserHash, userId: user.id, now })) {
    if ((await findIdentity(tx, key)) !== undefined) continue;
    await addIdentity(tx, user.id, { key, now });
    await recordEvent(tx, { type: 'identity.linked', ...eventBy(user, proof, key) }, now);
  }
}

function eventBy(user: User, proof: Proof, key: IdentityKey) {
  return {
    actor: { kind: 'user', userId: user.id } as const,
    subjectId: user.id,
    reference: proof.attempt.reference,
    origin: proof.browser.origin,
    details: { connection: key.connectionId, issuer: key.issuer },
  };
}
