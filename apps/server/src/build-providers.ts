import type { CloudConfig } from './config/cloud-config.ts';
import type { PlatformProvider } from './config/providers.ts';
import { platformConnections } from './connection/index.ts';
import type { Connection } from './connection/index.ts';
import { AppError } from './kernel/errors.ts';
import type { ProviderDeps } from './provider/authorization-code.ts';
import { entraProvider } from './provider/entra.ts';
import { githubProvider } from './provider/github.ts';
import { googleProvider } from './provider/google.ts';
import type { Provider } from './provider/provider.ts';

const providerNames = { github: 'GitHub', google: 'Google', azure: 'Microsoft' } as const;

/** The platform's Entra app for all directories. */
export const allDirectories = 'microsoft';

/** The connections of the environment, and the provider behind each; opened once, since they keep keys and metadata. */
export function openPlatform(config: CloudConfig, deps: ProviderDeps) {
  const configured = config.mode === 'sso' ? config.providers : [];
  const providers = new Map(
    configured.map((provider) => [provider.kind as string, openPlatformProvider(provider, deps)]),
  );
  const connections = configured.map(({ kind, redirectUri }): Connection => ({
    id: kind,
    kind: 'platform',
    surface: 'browser',
    name: providerNames[kind],
    callbackUrl: redirectUri,
  }));
  if (config.mode === 'sso' && config.microsoft !== undefined) {
    const { redirectUri, ...client } = config.microsoft;
    const issuer = `${config.entraAuthority}/common/v2.0`;
    providers.set(allDirectories, entraProvider({ ...client, issuer }, deps));
    connections.push({
      id: allDirectories,
      kind: 'platform',
      surface: 'api',
      name: 'Microsoft',
      callbackUrl: redirectUri,
    });
  }
  const openProvider = (connectionId: string): Provider => {
    const provider = providers.get(connectionId);
    if (provider === undefined) throw new AppError('provider_unknown');
    return provider;
  };
  return { connections: platformConnections(connections), openProvider };
}

function openPlatformProvider(settings: PlatformProvider, deps: ProviderDeps): Provider {
  switch (settings.kind) {
    case 'github':
      return githubProvider(
        { ...settings, baseUrl: new URL(settings.baseUrl), apiUrl: new URL(settings.apiUrl) },
        deps,
      );
    case 'google':
      return googleProvider(settings, deps);
    case 'azure':
      return entraProvider(settings, deps);
  }
}
