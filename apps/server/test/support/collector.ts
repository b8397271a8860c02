import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { until } from './processes.ts';

const Value = z
  .object({ stringValue: z.string() })
  .or(z.object({ intValue: z.union([z.number(), z.string()]) }));
const Attributes = z
  .array(z.object({ key: z.string(), value: Value }))
  .transform((list) => new Map(list.map(({ key, value }) => [key, String(Object.values(value)[0])])));

const Span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.number(),
  startTimeUnixNano: z.string(),
  endTimeUnixNano: z.string(),
  attributes: Attributes,
  status: z.object({ code: z.number().optional() }),
});
export type CollectedSpan = z.output<typeof Span>;

/** What OTLP/HTTP sends as JSON, as far as these tests look at it. */
const Export = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: Attributes }),
      scopeSpans: z.array(z.object({ spans: z.array(Span) })),
    }),
  ),
});

export type Collector = {
  readonly address: string;
  readonly spans: readonly CollectedSpan[];
  /** Everything that came, as it came: request line, headers and bodies. */
  readonly received: readonly string[];
  readonly services: ReadonlySet<string>;
  /** Waits for the first span of this name. */
  span(name: string): Promise<CollectedSpan>;
  close(): Promise<void>;
};

/** A collector of traces that takes everything. */
export async function openCollector(): Promise<Collector> {
  const spans: CollectedSpan[] = [];
  const received: string[] = [];
  const services = new Set<string>();
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (piece: string) => (body += piece));
    request.on('end', () => {
      received.push([request.method, request.url, JSON.stringify(request.headers), body].join('\n'));
      for (const { resource, scopeSpans } of Export.parse(JSON.parse(body)).resourceSpans) {
        services.add(resource.attributes.get('service.name') ?? '');
        spans.push(...scopeSpans.flatMap((scope) => scope.spans));
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A listener on an IP address answers with an AddressInfo.
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${String(port)}`,
    spans,
    received,
    services,
    async span(name) {
      let found: CollectedSpan | undefined;
      await until(() => (found = spans.find((span) => span.name === name)) !== undefined);
      if (found === undefined) throw new Error('just found');
      return found;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
