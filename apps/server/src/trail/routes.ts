import { Readable } from 'node:stream';
import { AuditEvent, AuditQuery, CompanyParams, listOf } from '@gatehouse/contract';
import type { AuditFilter } from '@gatehouse/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { preferredType } from '../http/accept.ts';
import { callerOf } from '../http/caller.ts';
import type { SessionOfCaller } from '../http/caller.ts';
import type { Door } from '../http/door.ts';
import { AppError } from '../kernel/errors.ts';
import { csv } from './export-forms.ts';
import type { TrailEvent, TrailFilter } from './trail-view.ts';
import { exportTrail, readTrail } from './trail.ts';
import type { Exporting, TrailDeps } from './trail.ts';

export type TrailRoutesDeps = TrailDeps & {
  /** @throws AppError `unauthenticated` */
  readonly sessionOf: (request: FastifyRequest) => Promise<SessionOfCaller>;
};

const types = { json: 'application/json', ndjson: 'application/x-ndjson', csv: 'text/csv' } as const;
const answers = {
  description: 'A page, or everything that the filter finds as a stream of lines',
  content: {
    [types.json]: { schema: listOf(AuditEvent) },
    [types.ndjson]: { schema: z.string() },
    [types.csv]: { schema: z.string() },
  },
};

export function trailRoutes(app: Door, { sessionOf, ...deps }: TrailRoutesDeps): void {
  app.get(
    '/api/v1/companies/:slug/audit',
    {
      schema: { params: CompanyParams, querystring: AuditQuery, response: { 200: answers } },
      exposeHeadRoute: false, // asking for the head of an export would export
    },
    async (request, reply) => {
      const caller = callerOf(request, await sessionOf(request));
      const { slug } = request.params;
      const { cursor, limit, format = formatFor(request), ...query } = request.query;
      const filter = toFilter(query);
      reply.header('vary', 'accept');
      if (format !== 'json') {
        if (cursor !== undefined)
          throw new AppError('request_invalid', { detail: 'cursor: an export has no pages' });
        return await sendExport(reply, deps, { caller, slug, filter, format });
      }
      const { items, nextCursor } = await readTrail(deps, { caller, slug, filter, cursor, limit });
      return { items: items.map(toEvent), nextCursor };
    },
  );
}

function formatFor(request: FastifyRequest): keyof typeof types {
  const preferred = preferredType(request.headers.accept, Object.values(types));
  if (preferred === types.csv) return 'csv';
  return preferred === types.ndjson ? 'ndjson' : 'json';
}

function toFilter({ from, until, ...filter }: AuditFilter): TrailFilter {
  return { ...filter, ...(from && { from: new Date(from) }), ...(until && { until: new Date(until) }) };
}

/** What fails on the way breaks the connection, so that nobody takes a part for the whole. */
async function sendExport(reply: FastifyReply, deps: TrailDeps, exporting: Exporting): Promise<FastifyReply> {
  const { slug, format } = exporting;
  const parts = await exportTrail(deps, exporting);
  const day = deps.clock.now().toISOString().slice(0, 10);
  // A company's short name has letters, digits and hyphens alone.
  reply.header('content-disposition', `attachment; filename="audit-${slug}-${day}.${format}"`);
  reply.type(format === 'csv' ? `${types.csv}; charset=utf-8; header=present` : types.ndjson);
  return reply.send(Readable.from(linesOf(parts, format), { objectMode: false, highWaterMark: 65_536 }));
}

async function* linesOf(
  parts: AsyncGenerator<readonly TrailEvent[]>,
  format: Exporting['format'],
): AsyncGenerator<string> {
  if (format === 'csv') yield csv.head;
  for await (const part of parts) {
    yield part
      .map((event) => (format === 'csv' ? csv.lineOf(event) : `${JSON.stringify(toEvent(event))}\n`))
      .join('');
  }
}

function toEvent({ place, at, details, ...event }: TrailEvent): AuditEvent {
  // What is kept as JSON is what the contract calls it.
  return { id: place.id, at: at.toISOString(), ...event, details: details as AuditEvent['details'] };
}
