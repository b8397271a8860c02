import { fileURLToPath } from 'node:url';
import type { Database } from '../postgres.ts';
import type { StandIn } from './stand-in.ts';
import { freePort, startProgram, untilReady } from './program.ts';
import type { Program, Variables } from './program.ts';

export const sessionSecret = 's'.repeat(32);
/** The port is no matter: requests reach the processes directly, under this name. */
export const publicHost = 'localhost:3000';

export type Gatehouse = Program & { readonly url: URL; readonly readyAfterMs: number };

export type GatehouseOptions = {
  readonly database: Database;
  readonly standIn: Pick<StandIn, 'url' | 'clientId' | 'clientSecret'>;
  readonly folder: string;
  readonly env?: Variables;
  readonly nodeArgs?: readonly string[];
  /** A free one unless told. Several processes cannot share one. */
  readonly port?: number;
};

const script = fileURLToPath(new URL('../../../apps/server/dist/cloud.mjs', import.meta.url));

/** The Cloud Backend as an operator starts it, for one company, with one provider. */
export async function startGatehouse(options: GatehouseOptions): Promise<Gatehouse> {
  const { database, standIn, folder, env = {} } = options;
  const port = options.port ?? (await freePort());
  const program = startProgram({
    script,
    nodeArgs: options.nodeArgs ?? [],
    logFile: `${folder}/gatehouse-${port}.log`,
    env: {
      CLOUDGRID_DEPLOYMENT_MODE: 'deployed',
      CLOUDGRID_AUTH_MODE: 'sso',
      CLOUDGRID_AUTH_PROVIDERS: 'google',
      CLOUDGRID_AUTH_COMPANY_ID: 'acme',
      CLOUDGRID_SESSION_SECRET: sessionSecret,
      CLOUDGRID_BFF_HOST: '127.0.0.1',
      CLOUDGRID_BFF_PORT: String(port),
      CLOUDGRID_AUTH_GOOGLE_ISSUER: standIn.url.origin,
      CLOUDGRID_AUTH_GOOGLE_CLIENT_ID: standIn.clientId,
      CLOUDGRID_AUTH_GOOGLE_CLIENT_SECRET: standIn.clientSecret,
      CLOUDGRID_AUTH_GOOGLE_REDIRECT_URI: `http://${publicHost}/auth/callback`,
      DATABASE_URL: database.url,
      SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
      TRUSTED_PROXIES: '127.0.0.1',
      ...env,
    },
  });
  const url = new URL(`http://127.0.0.1:${port}`);
  const readyAfterMs = await untilReady(program, new URL('/readyz', url));
  return { ...program, url, readyAfterMs };
}
