import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: [
      'apps/server/src/identity/decide-*.test.ts',
      'apps/server/src/control-plane/decide-access*.test.ts',
      'apps/server/src/session/judge-refresh.test.ts',
    ],
  },
});
