import { attemptsSessionsAudit } from './core/0001-attempts-sessions-audit.ts';
import { changes } from './core/0002-changes.ts';
import { signingKeys } from './core/0003-signing-keys.ts';
import { sessionFacts } from './core/0004-session-facts.ts';
import { rateLimits } from './core/0005-rate-limits.ts';
import { mails } from './core/0006-mails.ts';
import { auditChains } from './core/0007-audit-chains.ts';
import { tokenPairs } from './core/0008-token-pairs.ts';
import { usersAndCompanies } from './cloud/0001-users-and-companies.ts';
import { notedChanges } from './cloud/0002-noted-changes.ts';
import { ownAccess } from './cloud/0003-own-access.ts';
import { onboarding } from './cloud/0004-onboarding.ts';
import { memberWords } from './cloud/0005-member-words.ts';
import { credentials } from './cloud/0006-credentials.ts';
import { rotateRefreshToken } from './cloud/0007-rotate-refresh-token.ts';
import { mergedCredentials } from './cloud/0008-merged-credentials.ts';

/** Names never change and order is by name. Forward only: expand first, contract in a later release. */
export type MigrationList = Readonly<Record<string, string>>;

const core: MigrationList = {
  'core-0001-attempts-sessions-audit': attemptsSessionsAudit,
  'core-0002-changes': changes,
  'core-0003-signing-keys': signingKeys,
  'core-0004-session-facts': sessionFacts,
  'core-0005-rate-limits': rateLimits,
  'core-0006-mails': mails,
  'core-0007-audit-chains': auditChains,
  'core-0008-token-pairs': tokenPairs,
};

const cloud: MigrationList = {
  'cloud-0001-users-and-companies': usersAndCompanies,
  'cloud-0002-noted-changes': notedChanges,
  'cloud-0003-own-access': ownAccess,
  'cloud-0004-onboarding': onboarding,
  'cloud-0005-member-words': memberWords,
  'cloud-0006-credentials': credentials,
  'cloud-0007-rotate-refresh-token': rotateRefreshToken,
  'cloud-0008-merged-credentials': mergedCredentials,
};

/** Core comes before cloud, whatever the alphabet says. */
function inOrder(...lists: MigrationList[]): MigrationList {
  return Object.fromEntries(
    lists.flatMap((list, place) =>
      Object.entries(list).map(([name, up]) => [`${String(place)}-${name}`, up]),
    ),
  );
}

export const cloudMigrations: MigrationList = inOrder(core, cloud);
