import { readPassword } from '../../credential/index.ts';
import { inSystem } from '../../db/scopes.ts';
import type { SystemTx } from '../../db/scopes.ts';
import { lockIdentityAndAddress, readIdentity, readUser, removeIdentity } from '../../identity/index.ts';
import { decideUnlink } from './decide-unlink.ts';
import { decideIn, endOthers, mustBeFresh, recordAndTell, refuse } from './secure.ts';
import type { Asking, SecurityDeps } from './secure.ts';
import { listIdentities, readPrimaryAddress } from './security-view.ts';
import type { ListedIdentity } from './security-view.ts';

export type OwnIdentitiesDeps = SecurityDeps & {
  /** The provider's name, of a connection that is a way in now; none of any other. */
  readonly configuredName: (connectionId: string) => string | undefined;
  readonly arePasswordsOn: boolean;
};

export type OwnIdentity = ListedIdentity & {
  readonly name: string;
  readonly isCurrent: boolean;
  readonly isLastWayIn: boolean;
};

export async function listOwnIdentities(
  deps: OwnIdentitiesDeps,
  { session: { userId, connectionId } }: Asking,
): Promise<readonly OwnIdentity[]> {
  const { identities, mayGo } = await inSystem(deps.db, (tx) => readWaysIn(tx, deps, userId));
  return identities.map((identity) => ({
    ...identity,
    name: deps.configuredName(identity.connectionId) ?? identity.connectionId,
    isCurrent: identity.connectionId === connectionId,
    isLastWayIn: !mayGo(identity.id),
  }));
}

type WaysIn = {
  readonly identities: readonly ListedIdentity[];
  /** Whether something else leads in. */
  readonly mayGo: (identityId: string) => boolean;
};

async function readWaysIn(
  tx: SystemTx,
  { configuredName, arePasswordsOn }: OwnIdentitiesDeps,
  userId: string,
): Promise<WaysIn> {
  const [identities, password, address] = await Promise.all([
    listIdentities(tx, userId),
    readPassword(tx, userId),
    readPrimaryAddress(tx, userId),
  ]);
  const own = { hasPassword: password !== undefined, hasAddress: address !== undefined, arePasswordsOn };
  const mayGo = (identityId: string) => {
    const others = identities
      .filter(({ id }) => id !== identityId)
      .map(({ connectionId }) => ({ isConfigured: configuredName(connectionId) !== undefined }));
    return decideUnlink({ ...own, others }) === 'unlinked';
  };
  return { identities, mayGo };
}

/**
 * From now on an identity does not lead into the account. The addresses that it vouched for stay the person's: they were
 * proven. The other sessions that began at its connection end.
 * @throws AppError `step_up_required`, `not_found`, `last_way_in`
 */
export async function unlinkIdentity(deps: OwnIdentitiesDeps, asking: Asking, id: string): Promise<void> {
  const now = deps.clock.now();
  const { userId } = asking.session;
  mustBeFresh(asking.session, now);
  await decideIn(deps.db, async (tx) => {
    const key = await readIdentity(tx, { id, userId });
    if (key === undefined) return { outcome: 'refused', reason: 'not_found' };
    // A sign-in by it comes before, and its session ends too, or finds it gone.
    await lockIdentityAndAddress(tx, key);
    await readUser(tx, userId); // and no other goes at the same moment
    const { mayGo } = await readWaysIn(tx, deps, userId);
    if (!mayGo(id))
      return await refuse(tx, asking, { type: 'identity.unlinked', reason: 'last_way_in', now });
    if (!(await removeIdentity(tx, { id, userId }))) return { outcome: 'refused', reason: 'not_found' };
    const { connectionId, issuer } = key;
    const provider = deps.configuredName(connectionId) ?? connectionId;
    const details = { connection: connectionId, issuer };
    const done = { type: 'identity.unlinked', notice: 'identity_unlinked', provider, details } as const;
    await recordAndTell(tx, asking, { done, mailPolicy: deps.mailPolicy, now });
    await endOthers(tx, asking, { now, connectionId });
    return { outcome: 'done', answer: undefined };
  });
}
