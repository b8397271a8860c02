import { join } from 'node:path';
import { startEntra, startGitHub, startGoogle } from '@gatehouse/stand-ins';
import type { EntraStandIn, GitHubStandIn, OidcStandIn } from '@gatehouse/stand-ins';
import type { DemoSecrets } from './secrets.ts';

export type DemoProviders = {
  readonly github: GitHubStandIn;
  readonly google: OidcStandIn;
  readonly entra: EntraStandIn;
};

/** The usual ports of the three; a free one where somebody else has it. */
const ports = { github: 3101, google: 3102, entra: 3103 };

export async function startProviders(
  secrets: DemoSecrets,
  { folder, callbackUrl }: { folder: string; callbackUrl: string },
): Promise<DemoProviders> {
  const shared = { host: 'localhost', redirectUris: [callbackUrl] };
  const [github, google, entra] = await Promise.all([
    onPort(ports.github, (port) => startGitHub({ ...shared, port, clientSecret: secrets.githubSecret })),
    onPort(ports.google, (port) =>
      startGoogle({
        ...shared,
        port,
        clientSecret: secrets.googleSecret,
        stateFile: join(folder, 'google-keys.json'),
      }),
    ),
    onPort(ports.entra, (port) =>
      startEntra({
        ...shared,
        port,
        clientSecret: secrets.entraSecret,
        stateFile: join(folder, 'entra-keys.json'),
      }),
    ),
  ]);
  return { github, google, entra };
}

async function onPort<T>(port: number, start: (port: number) => Promise<T>): Promise<T> {
  try {
    return await start(port);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    return await start(0);
  }
}

export async function stopProviders({ github, google, entra }: DemoProviders): Promise<void> {
  await Promise.all([github.close(), google.close(), entra.close()]);
}

/** What an operator would write into the environment for these three. */
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
  };
}
