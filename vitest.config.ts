import { defineConfig } from 'vitest/config';

const node = { environment: 'node' as const, pool: 'forks' as const };

export default defineConfig({
  test: {
    // Most of the tests wait for processes more than they compute.
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...node,
          // Nothing here changes what another file could see.
          isolate: false,
          name: 'unit',
          testTimeout: 20_000,
          include: [
            'packages/*/src/**/*.test.ts',
            'apps/server/src/**/*.test.ts',
            'apps/cloud/src/**/*.test.ts',
          ],
        },
      },
      {
        test: {
          ...node,
          name: 'architecture',
          include: ['apps/server/test/architecture/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          ...node,
          isolate: false,
          name: 'flows',
          include: [
            'packages/*/test/**/*.test.ts',
            'apps/server/test/{flows,provider,processes,database}/**/*.test.ts',
          ],
          globalSetup: ['apps/server/test/support/built-server.ts', 'apps/server/test/support/postgres.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
