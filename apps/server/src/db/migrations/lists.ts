import { attemptsSessionsAudit } from './core/0001-attempts-sessions-audit.ts';
import { usersAndCompanies } from './cloud/0001-users-and-companies.ts';

/** Names never change and order is by name. Forward only: expand first, contract in a later release. */
export type MigrationList = Readonly<Record<string, string>>;

const core: MigrationList = {
  'core-0001-attempts-sessions-audit': attemptsSessionsAudit,
};

const cloud: MigrationList = {
  'cloud-0001-users-and-companies': usersAndCompanies,
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
