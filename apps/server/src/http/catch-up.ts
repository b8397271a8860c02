import type { RouteOptions } from 'fastify';
import type { Door } from './door.ts';
import { isForMachines } from './navigation.ts';

const reading = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Rate limited: nothing was even tried. After a 503 that is not certain, for a commit whose answer was lost holds. */
const turnedAway = 429;
/** The pages that change something. */
const changingPages = new Set(['/auth/callback', '/api/v1/auth/microsoft/callback']);
/** Where it goes well, nothing that a process may know has changed. */
const harmlessWhereItGoesWell = new Set(['/api/v1/auth/refresh']);
const firstRefusal = 400;

/**
 * Whoever changed something and is answered meets the change with their next request to this process: what it knows is
 * brought up to date first. For every route that is added from here on.
 */
export function catchUpBeforeAnswering(app: Door, catchUp: () => Promise<void>): void {
  app.addHook('onRoute', (route) => {
    if (!mayChange(route)) return;
    const own = route.onSend === undefined ? [] : [route.onSend].flat();
    const isHarmless = harmlessWhereItGoesWell.has(route.url);
    route.onSend = [
      ...own,
      async (_request, { statusCode }) => {
        const isKnownAlready = isHarmless && statusCode < firstRefusal;
        if (statusCode !== turnedAway && !isKnownAlready) await catchUp();
      },
    ];
  });
}

function mayChange({ method, url }: Pick<RouteOptions, 'method' | 'url'>): boolean {
  if (changingPages.has(url)) return true;
  return url.startsWith('/api/') || url.startsWith('/auth/')
    ? !isForMachines(url) && [method].flat().some((one) => !reading.has(one))
    : false;
}
