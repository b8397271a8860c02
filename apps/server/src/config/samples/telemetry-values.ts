import type { Environment } from '../environment.ts';
import type { telemetryVariables } from '../telemetry.ts';
import type { Refused } from './faults.ts';

type Accepted = readonly [given: string, at: string, means: unknown, within?: Environment];
type TelemetryVariable = keyof typeof telemetryVariables;

const traced: Environment = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

export const acceptedTelemetry: Readonly<Record<TelemetryVariable, readonly Accepted[]>> = {
  OTEL_EXPORTER_OTLP_ENDPOINT: [
    ['http://collector:4318', 'telemetry.endpoint', 'http://collector:4318/v1/traces'],
    ['https://otel.example/in/', 'telemetry.endpoint', 'https://otel.example/in/v1/traces'],
    ['', 'telemetry', undefined],
  ],
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: [
    ['https://otel.example/traces', 'telemetry.endpoint', 'https://otel.example/traces', traced],
  ],
  OTEL_EXPORTER_OTLP_HEADERS: [
    [
      'x-key=a%2Cb, authorization=Bearer%20c',
      'telemetry.headers',
      [
        { name: 'x-key', value: 'a,b' },
        { name: 'authorization', value: 'Bearer c' },
      ],
      traced,
    ],
    ['', 'telemetry.headers', [], traced],
  ],
  OTEL_SERVICE_NAME: [
    ['gate', 'telemetry.serviceName', 'gate', traced],
    ['', 'telemetry.serviceName', 'gatehouse-cloud', traced],
  ],
  OTEL_TRACES_SAMPLER_ARG: [
    ['0.25', 'telemetry.ratio', 0.25, traced],
    ['', 'telemetry.ratio', 1, traced],
  ],
};

const notCollectors: readonly Refused[] = [
  ['collector:4318', 'is not an http or https address'],
  ['https://ada:pw@otel.example', 'carries a user name'],
  ['https://otel.example/?key=x', 'has a query'],
  ['https://otel.example/#x', 'has a fragment'],
];

export const refusedTelemetry: Readonly<Record<TelemetryVariable, readonly Refused[]>> = {
  OTEL_EXPORTER_OTLP_ENDPOINT: notCollectors,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: notCollectors,
  OTEL_EXPORTER_OTLP_HEADERS: [
    ['authorization', 'has an entry that is no header'],
    ['=value-without-name', 'has an entry that is no header'],
    ['two words=value', 'has an entry that is no header'],
    ['authorization=Bearer%zz', 'has an entry that is no header'],
    ['x-key=line%0Aend', 'has an entry that is no header'],
    ['authorization=value-of-it,', 'has an entry that is no header'],
  ],
  OTEL_SERVICE_NAME: [['two\nlines-of-name', 'has control characters']],
  OTEL_TRACES_SAMPLER_ARG: [
    ['1.5', 'is out of range'],
    ['-1', 'is not a number of this kind'],
    ['10%', 'is not a number of this kind'],
    ['1e-3', 'is not a number of this kind'],
  ],
};
