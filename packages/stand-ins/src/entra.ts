import { randomUUID } from 'node:crypto';
import { openStandIn } from './bench.ts';
import type { Bench, StandIn } from './bench.ts';
import { entraClaims, pairwiseSubject, spoiledEntraClaims } from './entra-claims.ts';
import { entraErrorParams, entraRefusal } from './entra-errors.ts';
import type { EntraPerson } from './entra-people.ts';
import { CONSUMERS, CONTOSO, FABRIKAM, usualEntraPeople } from './entra-people.ts';
import type { Ask } from './exchange.ts';
import { entraMenu } from './misbehave-catalogue.ts';
import type { EntraFault, OidcFault } from './misbehave-catalogue.ts';
import { refuseUnlessLoopback } from './loopback-server.ts';
import { faultyError, issParameter } from './misbehave-redirect.ts';
import { ID_TOKEN_LIFETIME_S, oidcAnswers, present } from './oidc.ts';
import type { OidcAnswers, OidcManner, OidcOptions, PublishedKey } from './oidc.ts';
import type { PersonCard } from './pages.ts';
import type { Route } from './routing.ts';
import { openKeyRings } from './signing.ts';
import type { KeyRing } from './signing.ts';

const directories = { contoso: CONTOSO, fabrikam: FABRIKAM, consumers: CONSUMERS } as const;

export type EntraOptions = OidcOptions<EntraPerson> & {
  /** Where the authority lies below the origin: `''`, or like `/cloud`. */
  readonly pathPrefix?: string;
};

export type EntraStandIn = StandIn<EntraPerson, EntraFault> & {
  /** The authority: below it lie `/{directory}/v2.0` and the rest. */
  readonly authority: string;
  readonly directories: typeof directories;
  readonly issuerOf: (directory: string) => string;
};

type Rings = (name: 'work' | 'consumer') => KeyRing;

/** Any directory that somebody is in exists, besides `common`, `organizations` and `consumers`. */
export async function startEntra(options: EntraOptions = {}): Promise<EntraStandIn> {
  refuseUnlessLoopback(options.host); // before keys are made
  const ringOf: Rings = await openKeyRings({ work: 2, consumer: 1 }, options.stateFile);
  const { bench, standIn, serve } = await openStandIn<EntraPerson, EntraFault>({
    product: 'Microsoft Entra ID',
    options,
    usualPeople: usualEntraPeople,
    menu: entraMenu,
    usualClientId: '6731de76-14a6-49ae-97bc-6eba6914391e',
    clockFault: 'clock_ahead',
  });
  const prefix = options.pathPrefix ?? '';
  const authority = `${bench.origin}${prefix}`;
  const issuerOf = (directory: string) => `${authority}/${directory}/v2.0`;
  const manner = entraManner(bench, { authority, issuerOf, ringOf, sendsIss: options.issParameter ?? false });
  serve(entraRoutes(prefix, oidcAnswers<EntraPerson, Exclude<EntraFault, OidcFault>>(bench, manner), bench));
  return { ...standIn, authority, directories, issuerOf };
}

function entraRoutes(prefix: string, answers: OidcAnswers, bench: Bench<EntraPerson, EntraFault>): Route[] {
  const inDirectory = (answer: Route['answer']): Route['answer'] => {
    return (ask) =>
      isDirectory(ask, bench)
        ? answer(ask)
        : entraRefusal('unknown_directory', { clientId: bench.client.id, at: bench.now() });
  };
  const { authorize, token, metadata, keys, userinfo } = answers;
  const directory = `${prefix}/:directory`;
  const routes: Route[] = [
    {
      method: 'GET',
      path: `${directory}/v2.0/.well-known/openid-configuration`,
      kind: 'discovery',
      answer: metadata,
    },
    { method: 'GET', path: `${directory}/oauth2/v2.0/authorize`, kind: 'authorize', answer: authorize },
    { method: 'POST', path: `${directory}/oauth2/v2.0/authorize`, kind: 'choose', answer: authorize },
    { method: 'POST', path: `${directory}/oauth2/v2.0/token`, kind: 'token', answer: token },
    { method: 'GET', path: `${directory}/discovery/v2.0/keys`, kind: 'jwks', answer: keys },
  ];
  return [
    ...routes.map((route) => ({ ...route, answer: inDirectory(route.answer) })),
    { method: 'GET', path: `${prefix}/oidc/userinfo`, kind: 'userinfo', answer: userinfo },
  ];
}

/** `consumers` is a name for the directory of personal accounts. */
function directoryOf(ask: Ask): string {
  const directory = (ask.params['directory'] ?? '').toLowerCase();
  return directory === 'consumers' ? CONSUMERS : directory;
}

function isDirectory(ask: Ask, { people }: Bench<EntraPerson, EntraFault>): boolean {
  const directory = directoryOf(ask);
  const known = ['common', 'organizations', ...Object.values(directories)];
  return known.includes(directory) || people.all().some(({ tid }) => tid === directory);
}

function notAdmitted({ tid, preferredUsername }: EntraPerson, ask: Ask): string | undefined {
  const directory = directoryOf(ask);
  const admits =
    directory === 'organizations' ? tid !== CONSUMERS : directory === 'common' || directory === tid;
  return admits
    ? undefined
    : `AADSTS50020: User account '${preferredUsername}' from directory '${tid}' does not exist in '${directory}' and cannot access the application there. The account needs to be added as a guest first, or choose another account.`;
}

type Place = { authority: string; issuerOf: (directory: string) => string; ringOf: Rings; sendsIss: boolean };

function entraManner(
  bench: Bench<EntraPerson, EntraFault>,
  place: Place,
): OidcManner<EntraPerson, EntraFault> {
  const { client, now } = bench;
  const { authority, issuerOf, ringOf, sendsIss } = place;
  const about = () => ({ clientId: client.id, at: now() });
  return {
    card,
    notAdmitted,
    problem,
    unknownClient: (id) =>
      `AADSTS700016: Application with identifier '${id}' was not found in the directory.`,
    unknownRedirectUri: (uri) =>
      `AADSTS50011: The redirect URI '${uri}' specified in the request does not match the redirect URIs configured for the application '${client.id}'.`,
    errorParams: (error) => entraErrorParams(error, now()),
    extras: (outcome, ask, faults) => ({
      ...(outcome === 'code' ? { session_state: randomUUID() } : {}),
      ...issParameter(issuerOf(directoryOf(ask)), sendsIss, faults),
    }),
    faultyError,
    metadata: (ask) => metadata(ask, authority, sendsIss),
    publishedKeys: () => publishedKeys(ringOf, issuerOf),
    identityClaims: ({ person }, faults) =>
      spoiledEntraClaims(entraClaims(person, issuerOf(person.tid), client.id), faults),
    times: (nowS) => ({ iat: nowS, nbf: nowS, exp: nowS + ID_TOKEN_LIFETIME_S }),
    carriesAtHash: false,
    signingRing: ({ tid }, faults) =>
      ringOf(tid === CONSUMERS || faults.has('consumer_key') ? 'consumer' : 'work'),
    ownRefusal: (faults) => (faults.has('expired_secret') ? 'client_secret_expired' : undefined),
    notRedeemableHere: ({ params }, ask) =>
      params['directory'] === ask.params['directory'] ? undefined : entraRefusal('other_directory', about()),
    refuse: (reason) => entraRefusal(reason, about()),
    tokenExtras: { ext_expires_in: ID_TOKEN_LIFETIME_S - 1 },
    userinfo: ({ person }) =>
      present({ sub: pairwiseSubject(person, client.id), name: person.name, email: person.email }),
  };
}

function card({ key, tid, name, preferredUsername, email, xmsEdov, homeTid }: EntraPerson): PersonCard {
  const named = Object.entries(directories).find(([, id]) => id === tid)?.[0] ?? tid;
  const address = email === undefined ? 'no email' : `email ${email}`;
  const edov = xmsEdov === undefined ? 'no xms_edov' : `xms_edov ${JSON.stringify(xmsEdov)}`;
  const guest = homeTid === undefined ? '' : 'guest in ';
  return { key, name, account: preferredUsername, note: `${guest}${named}, ${address}, ${edov}` };
}

function problem(ask: Ask): string | undefined {
  if (ask.query.get('response_type') !== 'code') {
    return "AADSTS70011: The provided value for the input parameter 'response_type' is not valid.";
  }
  const scopes = (ask.query.get('scope') ?? '').split(' ');
  return scopes.includes('openid') ? undefined : "AADSTS900144: The request must contain the scope 'openid'.";
}

/** Each key says whose tokens it may sign; work keys for any directory, by a template. */
function publishedKeys(ringOf: Rings, issuerOf: (directory: string) => string): PublishedKey[] {
  const keysOf = (name: 'work' | 'consumer', issuer: string) =>
    ringOf(name)
      .published()
      .map(({ jwk }) => ({ ...jwk, issuer }));
  const work = keysOf('work', issuerOf('{tenantid}'));
  const consumer = keysOf('consumer', issuerOf(CONSUMERS));
  if (ringOf('work').isNarrowed()) return work;
  return ringOf('consumer').isNarrowed() ? consumer : [...work, ...consumer];
}

function metadata(ask: Ask, authority: string, sendsIss: boolean): Record<string, unknown> {
  const asked = ask.params['directory'] ?? '';
  const base = `${authority}/${asked}`;
  const directory = directoryOf(ask);
  const isTemplate = directory === 'common' || directory === 'organizations';
  return {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: `${authority}/${isTemplate ? '{tenantid}' : directory}/v2.0`,
    request_uri_parameter_supported: false,
    userinfo_endpoint: `${authority}/oidc/userinfo`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    claims_supported: 'sub iss aud exp iat nonce preferred_username name tid ver at_hash c_hash email'.split(
      ' ',
    ),
    ...(sendsIss ? { authorization_response_iss_parameter_supported: true } : {}),
  };
}
