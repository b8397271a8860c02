export type UnlinkFacts = {
  /** Whether the connection of each other identity is a way in at this deployment now. */
  readonly others: readonly { readonly isConfigured: boolean }[];
  readonly hasPassword: boolean;
  /** Whether the policy lets passwords in. */
  readonly arePasswordsOn: boolean;
  /** Whether the account has a verified address, which is what goes with a password. */
  readonly hasAddress: boolean;
};

/** May an identity go? Not where nothing else would lead into the account: an identity or a password that counts here now. */
export function decideUnlink(facts: UnlinkFacts): 'unlinked' | 'last_way_in' {
  const leadsElsewhere = facts.others.some(({ isConfigured }) => isConfigured);
  const hasPasswordWay = facts.hasPassword && facts.arePasswordsOn && facts.hasAddress;
  return leadsElsewhere || hasPasswordWay ? 'unlinked' : 'last_way_in';
}
