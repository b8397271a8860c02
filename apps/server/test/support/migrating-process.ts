// Migrates the database of its only argument, and ends.
import { cloudMigrations } from '../../src/db/migrations/lists.ts';
import { openStorage } from '../../src/db/open-storage.ts';
import { Secret } from '../../src/kernel/secret.ts';

const [url = ''] = process.argv.slice(2);
const log = { info: () => undefined, warn: () => undefined };
const storage = await openStorage(
  { kind: 'url', url: new Secret(url) },
  { as: 'server', maxConnections: 1, log },
);
await storage.migrate(cloudMigrations);
await storage.close();
