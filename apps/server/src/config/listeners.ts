import type { Secret } from '../kernel/secret.ts';
import type { Mode } from './mode.ts';
import { present, whole } from './parts.ts';
import type { Reading } from './reading.ts';
import type { NonEmpty } from './rules/lists.ts';
import { bindHost, loopbackBindHost } from './rules/network-addresses.ts';
import { listeningPort } from './rules/numbers.ts';
import { ownSecrets } from './rules/secrets.ts';
import type { VariableTable } from './variable.ts';

export const listenerVariables = {
  CLOUDGRID_BFF_HOST: {
    otherwise: '`0.0.0.0` when `deployed`, `127.0.0.1` when `local`',
    rule: 'Address to listen on. In `local` a loopback address.',
  },
  CLOUDGRID_BFF_PORT: { default: '3000', rule: 'Port to listen on; 0 takes a free one.' },
  METRICS_PORT: {
    otherwise: 'no metrics',
    rule: 'Port of its own for Prometheus at `/metrics`; 0 takes a free one.',
  },
} as const satisfies VariableTable;

export const internalVariables = {
  CLOUD_INTERNAL_API_TOKEN: {
    secret: true,
    otherwise: 'no internal listener',
    rule: '32 bytes or more that Management signs its calls with; the same there and here. A list, separated by commas, rotates.',
  },
  INTERNAL_HOST: {
    default: '127.0.0.1',
    rule: 'Address of the listener for `/internal/`. In `local` a loopback address.',
  },
  INTERNAL_PORT: { default: '3001', rule: 'Its port; 0 takes a free one.' },
} as const satisfies VariableTable;

/** Port 0: any free one. */
export type Bind = { readonly host: string; readonly port: number };

export type InternalListener = { readonly bind: Bind; readonly tokens: NonEmpty<Secret> };

type InternalReading = Reading<keyof typeof internalVariables>;

export function readBind(reading: Reading<keyof typeof listenerVariables>, mode: Mode): Bind | undefined {
  const host = reading.isGiven('CLOUDGRID_BFF_HOST')
    ? reading.take('CLOUDGRID_BFF_HOST', hostRule(mode))
    : { sso: '0.0.0.0', local: '127.0.0.1' }[mode];
  return whole({ host, port: reading.take('CLOUDGRID_BFF_PORT', listeningPort) });
}

export function readMetricsPort(reading: Reading<'METRICS_PORT'>): number | undefined {
  return reading.take('METRICS_PORT', listeningPort);
}

/** Undefined without its secret: then the listener does not exist. */
export function readInternal(reading: InternalReading, mode: Mode): InternalListener | undefined {
  const tokens = reading.take('CLOUD_INTERNAL_API_TOKEN', ownSecrets);
  const host = reading.take('INTERNAL_HOST', hostRule(mode));
  const port = reading.take('INTERNAL_PORT', listeningPort);
  if (!reading.isGiven('CLOUD_INTERNAL_API_TOKEN')) {
    for (const name of ['INTERNAL_HOST', 'INTERNAL_PORT'] as const) {
      if (reading.isGiven(name)) reading.warn(name, 'has no effect without CLOUD_INTERNAL_API_TOKEN.');
    }
  }
  const bind = whole<Bind>({ host, port });
  return whole<InternalListener>({ bind, tokens });
}

function hostRule(mode: Mode) {
  return mode === 'local' ? loopbackBindHost : bindHost;
}

type Ports = {
  readonly bind: Bind | undefined;
  readonly internal: InternalListener | undefined;
  readonly metricsPort: number | undefined;
};

/** Two listeners on one port would be found out only by the second of them, after the first is open. */
export function refuseSharedPorts(reading: Reading<never>, { bind, internal, metricsPort }: Ports): void {
  const ports = Object.entries(
    present({
      CLOUDGRID_BFF_PORT: bind?.port,
      INTERNAL_PORT: internal?.bind.port,
      METRICS_PORT: metricsPort,
    }),
  );
  for (const [index, [name, port]] of ports.entries()) {
    const other = ports.slice(0, index).find(([, taken]) => taken === port && port !== 0);
    if (other !== undefined)
      reading.mistake(name, `is the port of ${other[0]} too. Expected: a port of its own.`);
  }
}
