import { startEntra, startGoogle } from '@gatehouse/stand-ins';
import type { EntraStandIn, GitHubStandIn, OidcStandIn } from '@gatehouse/stand-ins';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { Secret } from '../../src/kernel/secret.ts';
import type { ProviderDeps } from '../../src/provider/authorization-code.ts';
import { entraProvider } from '../../src/provider/entra.ts';
import type { EntraSettings } from '../../src/provider/entra.ts';
import { githubProvider } from '../../src/provider/github.ts';
import { googleProvider } from '../../src/provider/google.ts';
import { oidcProvider } from '../../src/provider/oidc.ts';
import { testDeps } from './journey.ts';

type Registered = { readonly clientId: string; readonly clientSecret: string };

function clientOf({ clientId, clientSecret }: Registered) {
  return { clientId, clientSecret: new Secret(clientSecret) };
}

export function googleAt(standIn: OidcStandIn, changes: Partial<ProviderDeps> = {}) {
  return googleProvider({ ...clientOf(standIn), issuer: standIn.issuer }, testDeps(changes));
}

export function companyAt(standIn: OidcStandIn, changes: Partial<ProviderDeps> = {}) {
  return oidcProvider({ ...clientOf(standIn), issuer: standIn.issuer }, testDeps(changes));
}

/** `directory`: an id, or `common` and the like. */
export function entraAt(
  standIn: EntraStandIn,
  directory: string,
  { emailDomains = [], ...changes }: Partial<ProviderDeps> & Pick<EntraSettings, 'emailDomains'> = {},
) {
  const settings = { ...clientOf(standIn), issuer: standIn.issuerOf(directory), emailDomains };
  return entraProvider(settings, testDeps(changes));
}

export function githubAt(standIn: GitHubStandIn, changes: Partial<ProviderDeps> = {}) {
  const { baseUrl, apiUrl } = standIn;
  const settings = { ...clientOf(standIn), baseUrl: new URL(baseUrl), apiUrl: new URL(apiUrl) };
  return githubProvider(settings, testDeps(changes));
}

/** What every OpenID provider must stand, whatever its brand. */
export const openIdBrands = [
  {
    brand: 'Google',
    open: async () => {
      const standIn = await startGoogle();
      standIn.signsInAs('ada');
      return { standIn, at: (deps?: Partial<ProviderDeps>) => googleAt(standIn, deps) };
    },
  },
  {
    brand: 'Entra, many directories',
    open: async () => {
      const standIn = await startEntra();
      standIn.signsInAs('ada');
      return { standIn, at: (deps?: Partial<ProviderDeps>) => entraAt(standIn, 'common', deps) };
    },
  },
] as const;

type Staged = {
  readonly standIn: {
    readonly misbehave: { readonly clear: () => void };
    readonly journal: { readonly clear: () => void };
    readonly close: () => Promise<void>;
  };
};

/** Opens a stand-in for the tests around this call; after each of them it is honest again and remembers nothing. */
export function onStage<World extends Staged>(open: () => Promise<World>): () => World {
  let opened: World | undefined;
  const world = () => {
    if (opened === undefined) throw new Error('The stage is not set yet');
    return opened;
  };
  beforeAll(async () => {
    opened = await open();
  });
  afterEach(() => {
    world().standIn.misbehave.clear();
    world().standIn.journal.clear();
  });
  afterAll(() => world().standIn.close());
  return world;
}
