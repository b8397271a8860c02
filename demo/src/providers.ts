import { join } from 'node:path';
import { startEntra, startGitHub, startGoogle } from '@gatehouse/stand-ins';
import type { EntraStandIn, GitHubStandIn, OidcStandIn } from '@gatehouse/stand-ins';
import { DemoError, isPortTaken } from './demo-error.ts';
import { keepPorts, readKeptPorts } from './ports.ts';
import type { DemoSecrets } from './secrets.ts';
import { shellPath } from './shell-path.ts';

export type DemoProviders = {
  readonly github: GitHubStandIn;
  readonly google: OidcStandIn;
  readonly entra: EntraStandIn;
};

const usualPorts = { github: 3101, google: 3102, entra: 3103 };

type Start = <T>(name: keyof DemoProviders, start: (port: number) => Promise<T>) => Promise<T>;

/** Throws a DemoError where somebody else has a port by which the people of this folder are known. */
export async function startProviders(
  secrets: DemoSecrets,
  { folder, callbackUrl }: { folder: string; callbackUrl: string },
): Promise<DemoProviders> {
  const kept = await readKeptPorts(folder);
  const on: Start =
    kept === undefined
      ? (name, start) => onUsualPort(usualPorts[name], start)
      : (name, start) => onKeptPort(kept[name], { folder, start });
  const shared = { host: 'localhost', redirectUris: [callbackUrl] };
  const [github, google, entra] = await allOrNone([
    on('github', (port) => startGitHub({ ...shared, port, clientSecret: secrets.githubSecret })),
    on('google', (port) =>
      startGoogle({
        ...shared,
        port,
        clientSecret: secrets.googleSecret,
        stateFile: join(folder, 'google-keys.json'),
      }),
    ),
    on('entra', (port) =>
      startEntra({
        ...shared,
        redirectUris: [callbackUrl, new URL('/api/v1/auth/microsoft/callback', callbackUrl).href],
        port,
        clientSecret: secrets.entraSecret,
        stateFile: join(folder, 'entra-keys.json'),
      }),
    ),
  ]);
  if (kept === undefined)
    await keepPorts(folder, { github: portOf(github), google: portOf(google), entra: portOf(entra) });
  return { github, google, entra };
}

type Starting = readonly [Promise<GitHubStandIn>, Promise<OidcStandIn>, Promise<EntraStandIn>];

/** Where one cannot start, waits for the others and closes them. */
async function allOrNone(starting: Starting): Promise<[GitHubStandIn, OidcStandIn, EntraStandIn]> {
  try {
    return await Promise.all(starting);
  } catch (error) {
    for (const one of await Promise.allSettled(starting))
      if (one.status === 'fulfilled') await one.value.close();
    throw error;
  }
}

/** A free one where somebody else has it. */
async function onUsualPort<T>(port: number, start: (port: number) => Promise<T>): Promise<T> {
  try {
    return await start(port);
  } catch (error) {
    if (!isPortTaken(error)) throw error;
    return await start(0);
  }
}

async function onKeptPort<T>(
  port: number,
  { folder, start }: { folder: string; start: (port: number) => Promise<T> },
): Promise<T> {
  try {
    return await start(port);
  } catch (error) {
    if (!isPortTaken(error)) throw error;
    throw new DemoError(
      `Port ${String(port)} is taken, perhaps by a demo that still runs, and the people in ${shellPath(folder)} are ` +
        `known by it. Free it, or begin anew in another folder: DATA_DIR=${shellPath(`${folder}-2`)} npm run demo`,
      { cause: error },
    );
  }
}

function portOf({ origin }: { readonly origin: string }): number {
  return Number(new URL(origin).port);
}

export async function stopProviders({ github, google, entra }: DemoProviders): Promise<void> {
  await Promise.all([github.close(), google.close(), entra.close()]);
}

/** What an operator would write into the environment for these three; Microsoft also for everybody's directory. */
export function providerEnvironment(
  { github, google, entra }: DemoProviders,
  callbackUrl: string,
): Record<string, string> {
  return {
    CLOUDGRID_AUTH_PROVIDERS: 'github,google,azure',
    CLOUDGRID_AUTH_GITHUB_CLIENT_ID: github.clientId,
    CLOUDGRID_AUTH_GITHUB_CLIENT_SECRET: github.clientSecret,
    CLOUDGRID_AUTH_GITHUB_REDIRECT_URI: callbackUrl,
    CLOUDGRID_AUTH_GITHUB_BASE_URL: github.baseUrl,
    CLOUDGRID_AUTH_GITHUB_API_URL: github.apiUrl,
    CLOUDGRID_AUTH_GOOGLE_ISSUER: google.issuer,
    CLOUDGRID_AUTH_GOOGLE_CLIENT_ID: google.clientId,
    CLOUDGRID_AUTH_GOOGLE_CLIENT_SECRET: google.clientSecret,
    CLOUDGRID_AUTH_GOOGLE_REDIRECT_URI: callbackUrl,
    CLOUDGRID_AUTH_AZURE_ISSUER: entra.issuerOf(entra.directories.contoso),
    CLOUDGRID_AUTH_AZURE_CLIENT_ID: entra.clientId,
    CLOUDGRID_AUTH_AZURE_CLIENT_SECRET: entra.clientSecret,
    CLOUDGRID_AUTH_AZURE_REDIRECT_URI: callbackUrl,
    MS_CLIENT_ID: entra.clientId,
    MS_CLIENT_SECRET: entra.clientSecret,
    MS_AUTHORITY_HOST: entra.authority,
  };
}
