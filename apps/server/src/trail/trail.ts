import { recordEvent } from '../audit/index.ts';
import { actInCompany } from '../control-plane/index.ts';
import type { Caller, Page } from '../control-plane/index.ts';
import type { Database } from '../db/scopes.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Json } from '../kernel/json.ts';
import { readTrailCursor, writeTrailCursor } from './trail-cursor.ts';
import { readEvents } from './trail-view.ts';
import type { Place, TrailEvent, TrailFilter } from './trail-view.ts';

export type TrailDeps = { readonly db: Database; readonly clock: Clock };

type InCompany = { readonly caller: Caller; readonly slug: string; readonly filter: TrailFilter };

/** @throws AppError `request_invalid` for a cursor of elsewhere, or what `actInCompany` throws */
export async function readTrail(
  deps: TrailDeps,
  { cursor, limit, filter, ...who }: InCompany & { cursor?: string | undefined; limit: number },
): Promise<Page<TrailEvent>> {
  const request = { ...who, action: 'audit.read' } as const;
  return await actInCompany({ ...deps, record: recordEvent }, request, async (tx, { companyId }) => {
    const before = readTrailCursor(companyId, cursor);
    const found = await readEvents(tx, { companyId, filter, before, limit: limit + 1 });
    const items = found.slice(0, limit);
    const last = items.at(-1);
    const hasMore = found.length > limit && last !== undefined;
    const nextCursor = hasMore ? writeTrailCursor(companyId, last.place) : null;
    return { outcome: 'done', answer: { items, nextCursor } };
  });
}

const exportedAtOnce = 1_000;
const firstId = '00000000-0000-0000-0000-000000000000';

export type Exporting = InCompany & { readonly format: 'ndjson' | 'csv' };

/**
 * Everything that happened until now and that the filter finds, newest first, a part at a time. That it was asked for is
 * in the trail before this resolves. Each part is read when it is asked for, if its reader still may.
 * @throws AppError what `actInCompany` throws; the parts throw the same
 */
export async function exportTrail(
  deps: TrailDeps,
  { caller, slug, filter, format }: Exporting,
): Promise<AsyncGenerator<readonly TrailEvent[]>> {
  const acting = { ...deps, record: recordEvent };
  const request = { caller, slug, action: 'audit.read' } as const;
  const exportedAt = await actInCompany(acting, request, (_tx, { companyId, at }) => {
    const details = { format, filter: toDetails(filter) };
    const changes = [{ type: 'audit.exported', companyId, details }] as const;
    return Promise.resolve({ outcome: 'done', answer: at, changes });
  });
  const read = (before: Place) =>
    actInCompany(acting, request, async (tx, { companyId }) => ({
      outcome: 'done',
      answer: await readEvents(tx, { companyId, filter, before, limit: exportedAtOnce }),
    }));
  return partsOf(read, { atMicroseconds: `${String(exportedAt.getTime())}000`, id: firstId });
}

async function* partsOf(
  read: (before: Place) => Promise<readonly TrailEvent[]>,
  start: Place,
): AsyncGenerator<readonly TrailEvent[]> {
  for (let before = start; ;) {
    const part = await read(before);
    if (part.length > 0) yield part;
    const last = part.at(-1);
    if (last === undefined || part.length < exportedAtOnce) return;
    before = last.place;
  }
}

function toDetails({ from, until, ...filter }: TrailFilter): Record<string, Json> {
  const given = { ...filter, from: from?.toISOString(), until: until?.toISOString() };
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
