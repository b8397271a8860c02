import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Context, Span, Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { FastifyRequest } from 'fastify';
import type { Secret } from '../../kernel/secret.ts';
import type { TimedStep } from '../../kernel/trace.ts';
import type { Answered, RequestObserver } from '../observer.ts';
import { addressMatcher, parseTraceParent } from './traceparent.ts';

export type TelemetryOptions = {
  readonly endpoint: URL;
  readonly headers: readonly { readonly name: string; readonly value: Secret }[];
  readonly serviceName: string;
  readonly version: string;
  /** From 0 to 1: which part of the traces that begin here is exported. */
  readonly ratio: number;
  /** `${address}/${prefix}`: whose traces are gone on with. Everybody else's requests begin their own. */
  readonly trustedProxies: readonly string[];
  /** Hears, once a minute at most, that spans were lost. */
  readonly onLost: (error: unknown) => void;
};

/** What is told of one request of a sign-in. */
export type SignInSpan = {
  readonly reference: string;
  readonly provider: string;
  readonly outcome: string;
  readonly refusal?: { readonly code: string; readonly finding: string };
  readonly steps: readonly TimedStep[];
};

export type Telemetry = {
  readonly observer: RequestObserver;
  /** Adds to the request that runs what came of its sign-in. */
  addSignIn(signIn: SignInSpan): void;
  /** Sends what waits, for half a second at most. */
  close(): Promise<void>;
};

const mostWaitingSpans = 4_096;
const exportEveryMs = 1_000;
const exportMs = 5_000;
const closeMs = 500;
const tellEveryMs = 60_000;

/** Spans of every request and of the steps of sign-ins. They are sent in the background; what does not fit is lost. */
export function openTelemetry(options: TelemetryOptions): Telemetry {
  const provider = openProvider(options);
  const tracer = provider.getTracer('gatehouse', options.version);
  const isProxy = addressMatcher(options.trustedProxies);
  const running = new AsyncLocalStorage<Span>();
  const spans = new WeakMap<FastifyRequest, Span>();
  return {
    observer: {
      begin(request, proceed) {
        if (isProbe(request.routeOptions.url)) {
          proceed();
          return;
        }
        const parent = isProxy(request.raw.socket.remoteAddress) ? parentOf(request) : ROOT_CONTEXT;
        const attributes = { 'http.request.method': request.method };
        const span = tracer.startSpan(request.method, { kind: SpanKind.SERVER, attributes }, parent);
        spans.set(request, span);
        running.run(span, proceed);
      },
      end(answered) {
        const span = spans.get(answered.request);
        if (span !== undefined) endSpan(span, answered);
      },
    },
    addSignIn(signIn) {
      const span = running.getStore();
      if (span?.isRecording() === true) addSteps(tracer, span, signIn);
    },
    async close() {
      const sent = provider.shutdown().catch(options.onLost);
      await Promise.race([sent, sleep(closeMs, undefined, { ref: false })]);
    },
  };
}

function openProvider(options: TelemetryOptions): TracerProvider {
  const exporter = new OTLPTraceExporter({
    url: options.endpoint.href,
    headers: Object.fromEntries(options.headers.map(({ name, value }) => [name, value.reveal()])),
    timeoutMillis: exportMs,
  });
  const processor = new BatchSpanProcessor({
    exporter: tellingLosses(exporter, options.onLost),
    maxQueueSize: mostWaitingSpans,
    scheduledDelayMillis: exportEveryMs,
    exportTimeoutMillis: exportMs,
  });
  return new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': options.serviceName,
      'service.version': options.version,
    }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(options.ratio) }),
    spanProcessors: [processor],
  });
}

function tellingLosses(exporter: SpanExporter, onLost: (error: unknown) => void): SpanExporter {
  let toldAtMs = -Infinity;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        if (result.error !== undefined && performance.now() - toldAtMs > tellEveryMs) {
          toldAtMs = performance.now();
          onLost(result.error);
        }
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
  };
}

/** Asked every few seconds, and of no interest to anybody. */
function isProbe(route: string | undefined): boolean {
  return route === '/livez' || route === '/readyz';
}

function parentOf({ headers }: FastifyRequest): Context {
  const parent = parseTraceParent(headers['traceparent']);
  if (parent === undefined) return ROOT_CONTEXT;
  const { traceId, spanId, flags } = parent;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: flags & 1, isRemote: true });
}

function endSpan(span: Span, { request, route, status, refusal }: Answered): void {
  span.updateName(`${request.method} ${route}`);
  span.setAttribute('http.response.status_code', status);
  if (route !== 'none') span.setAttribute('http.route', route);
  if (refusal !== undefined) {
    span.setAttributes({ 'gatehouse.reference': refusal.reference, 'error.type': refusal.code });
  }
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

function addSteps(tracer: Tracer, span: Span, { reference, provider, outcome, refusal, steps }: SignInSpan) {
  span.setAttributes({
    'gatehouse.reference': reference,
    'gatehouse.sign_in.provider': provider,
    'gatehouse.sign_in.outcome': outcome,
    ...(refusal && { 'gatehouse.code': refusal.code, 'gatehouse.finding': refusal.finding }),
  });
  const parent = trace.setSpan(ROOT_CONTEXT, span);
  for (const { step, startedAt, ms } of steps) {
    const child = tracer.startSpan(`sign-in ${step.name}`, { startTime: startedAt }, parent);
    if (step.finding !== undefined) child.setAttribute('gatehouse.finding', step.finding);
    if (step.outcome === 'failed') child.setStatus({ code: SpanStatusCode.ERROR });
    child.end(startedAt.getTime() + ms);
  }
}
