import { Secret } from '../kernel/secret.ts';
import { whole } from './parts.ts';
import type { Reading, Rule } from './reading.ts';
import { collectorAddress } from './rules/web-addresses.ts';
import type { VariableTable } from './variable.ts';

export const telemetryVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    otherwise: 'no traces',
    rule: 'Where a collector takes OTLP over HTTP, as JSON; `/v1/traces` is added.',
  },
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: {
    otherwise: 'follows from `OTEL_EXPORTER_OTLP_ENDPOINT`',
    rule: 'The same for traces alone, with its whole path.',
  },
  OTEL_EXPORTER_OTLP_HEADERS: {
    secret: true,
    otherwise: 'none',
    rule: 'What the collector wants to see: `name=value`, separated by commas, values percent-encoded.',
  },
  OTEL_SERVICE_NAME: { default: 'gatehouse-cloud', rule: 'What this server is called in traces.' },
  OTEL_TRACES_SAMPLER_ARG: {
    default: '1',
    rule: 'Which part of the traces that begin here is exported: 0 to 1. A trace that a trusted proxy began is exported where the proxy says so.',
  },
} as const satisfies VariableTable;

type TelemetryReading = Reading<keyof typeof telemetryVariables>;

export type TelemetryHeader = { readonly name: string; readonly value: Secret };

export type TelemetryConfig = {
  readonly endpoint: URL;
  readonly headers: readonly TelemetryHeader[];
  readonly serviceName: string;
  /** From 0 to 1. */
  readonly ratio: number;
};

const others = ['OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_SERVICE_NAME', 'OTEL_TRACES_SAMPLER_ARG'] as const;

/** Undefined without an endpoint: then nothing is traced. */
export function readTelemetry(reading: TelemetryReading): TelemetryConfig | undefined {
  const base = reading.take('OTEL_EXPORTER_OTLP_ENDPOINT', collectorAddress);
  const own = reading.take('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', collectorAddress);
  const headers = reading.take('OTEL_EXPORTER_OTLP_HEADERS', headerList);
  const serviceName = reading.take('OTEL_SERVICE_NAME', plainName);
  const ratio = reading.take('OTEL_TRACES_SAMPLER_ARG', share);
  const endpoint = own ?? (base && new URL(`${base.href.replace(/\/$/, '')}/v1/traces`));
  if (endpoint === undefined) {
    for (const name of others.filter((one) => reading.isGiven(one))) {
      reading.warn(name, 'has no effect without OTEL_EXPORTER_OTLP_ENDPOINT.');
    }
    return undefined;
  }
  const required = whole({ endpoint, serviceName, ratio });
  return required && { ...required, headers: headers ?? [] };
}

const plainName: Rule<string> = {
  expects: 'a name',
  parse: (text) => (/\p{Cc}/u.test(text) ? { wrong: 'has control characters' } : { value: text }),
};

const share: Rule<number> = {
  expects: 'a number from 0 to 1, such as 0.1',
  parse(text) {
    if (!/^\d(?:\.\d{1,6})?$/.test(text)) return { wrong: 'is not a number of this kind' };
    const value = Number(text);
    return value > 1 ? { wrong: 'is out of range' } : { value };
  },
};

/** A name that HTTP allows (RFC 9110 §5.6.2). */
const headerName = /^[\w!#$%&'*+.^`|~-]+$/;

const headerList: Rule<readonly TelemetryHeader[]> = {
  expects: 'name=value, several separated by commas',
  parse(text) {
    const headers: TelemetryHeader[] = [];
    for (const entry of text.split(',')) {
      const equals = entry.indexOf('=');
      const name = entry.slice(0, Math.max(equals, 0)).trim();
      const value = decoded(entry.slice(equals + 1).trim());
      if (!headerName.test(name) || value === undefined) return { wrong: 'has an entry that is no header' };
      headers.push({ name, value: new Secret(value) });
    }
    return { value: headers };
  },
};

function decoded(text: string): string | undefined {
  try {
    const value = decodeURIComponent(text);
    return /^[\x20-\x7e]+$/.test(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
