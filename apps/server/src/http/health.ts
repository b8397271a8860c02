import type { Door } from './door.ts';

/** Asked every few seconds by whoever starts and balances us; the log is not told. */
export function addHealth(app: Door, isReady: () => Promise<boolean>): void {
  const quietly = { logLevel: 'silent', schema: { hide: true } } as const;
  app.get('/livez', quietly, () => ({ status: 'live' }));
  app.get('/readyz', quietly, async (_request, reply) => {
    const status = await readiness();
    return reply.code(status === 'ready' ? 200 : 503).send({ status });
  });

  async function readiness(): Promise<'ready' | 'draining' | 'unavailable'> {
    if (app.traffic.isDraining()) return 'draining';
    const ready = await isReady().catch(() => false);
    return ready ? 'ready' : 'unavailable';
  }
}
