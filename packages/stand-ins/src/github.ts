import { randomBytes } from 'node:crypto';
import { authorize } from './authorization.ts';
import type { AuthorizationManner } from './authorization.ts';
import { openStandIn } from './bench.ts';
import type { Bench, StandIn, StandInOptions } from './bench.ts';
import { json } from './exchange.ts';
import type { Answer, Ask } from './exchange.ts';
import { gitHubApiRoutes } from './github-api.ts';
import type { GitHubPerson } from './github-people.ts';
import { usualGitHubPeople } from './github-people.ts';
import { bentTokenAnswer, tokenFailure } from './misbehave-answers.ts';
import { gitHubMenu } from './misbehave-catalogue.ts';
import type { CommonRedirectFault, GitHubFault } from './misbehave-catalogue.ts';
import type { FaultSet } from './misbehave.ts';
import type { PersonCard } from './pages.ts';
import { redeem } from './token-request.ts';
import type { TokenRefusal } from './token-request.ts';

export type GitHubOptions = StandInOptions<GitHubPerson> & {
  /** Where `/login/oauth/*` lies below the origin, as on an Enterprise Server behind a path: `''`, or like `/github`. */
  readonly basePath?: string;
  /** Where `/user` lies below the origin; `/api/v3` below the base path unless told. */
  readonly apiPath?: string;
};

export type GitHubStandIn = StandIn<GitHubPerson, GitHubFault> & {
  readonly baseUrl: string;
  readonly apiUrl: string;
};

type GitHubBench = Bench<GitHubPerson, GitHubFault>;

export async function startGitHub(options: GitHubOptions = {}): Promise<GitHubStandIn> {
  const { bench, standIn, serve } = await openStandIn<GitHubPerson, GitHubFault>({
    product: 'GitHub',
    options,
    usualPeople: usualGitHubPeople,
    menu: gitHubMenu,
    usualClientId: 'Iv1.8a61f9b3a7aba766',
  });
  const basePath = options.basePath ?? '';
  const apiPath = options.apiPath ?? `${basePath}/api/v3`;
  const oauth = `${basePath}/login/oauth`;
  const toAuthorize = (ask: Ask) =>
    authorize<GitHubPerson, Exclude<GitHubFault, CommonRedirectFault>>(ask, bench, manner);
  serve([
    { method: 'GET', path: `${oauth}/authorize`, kind: 'authorize', answer: toAuthorize },
    { method: 'POST', path: `${oauth}/authorize`, kind: 'choose', answer: toAuthorize },
    {
      method: 'POST',
      path: `${oauth}/access_token`,
      kind: 'token',
      answer: (ask) => answerToken(ask, bench),
    },
    ...gitHubApiRoutes(bench, apiPath),
  ]);
  return { ...standIn, baseUrl: `${bench.origin}${basePath}`, apiUrl: `${bench.origin}${apiPath}` };
}

const manner: AuthorizationManner<GitHubPerson, GitHubFault> = {
  card,
  problem: (ask) => {
    const type = ask.query.get('response_type') ?? 'code';
    return type === 'code' ? undefined : `unsupported_response_type: ${type}`;
  },
  unknownClient: (id) => `No application has the client id ${id}.`,
  unknownRedirectUri: (uri) => `The redirect_uri ${uri} is not associated with this application.`,
  errorParams: () => ({
    error: 'access_denied',
    error_description: 'The user has denied your application access.',
    error_uri: troubleshooting('authorization-request', 'access-denied'),
  }),
  extras: () => ({}),
  faultyError: () => undefined,
};

function troubleshooting(request: string, section: string): string {
  return `https://docs.github.com/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-${request}-errors/#${section}`;
}

function card({ key, login, name, emails }: GitHubPerson): PersonCard {
  const primary = emails.find((email) => email.primary);
  const verified = primary?.verified === true ? 'verified' : 'not verified';
  const note = `${primary?.email ?? 'no primary address'} (${verified}), addresses: ${emails.length}`;
  return { key, name: name ?? login, account: `@${login}`, note };
}

/** GitHub answers 200 to what it refuses. */
const refusals: Record<TokenRefusal, { error: string; error_description: string }> = {
  client_wrong: {
    error: 'incorrect_client_credentials',
    error_description: 'The client_id and/or client_secret passed are incorrect.',
  },
  client_secret_expired: {
    error: 'incorrect_client_credentials',
    error_description: 'The client_id and/or client_secret passed are incorrect.',
  },
  grant_type_unsupported: {
    error: 'unsupported_grant_type',
    error_description: 'The grant_type is not supported.',
  },
  code_unknown: codeRefusal(),
  code_used: codeRefusal(),
  code_expired: codeRefusal(),
  verifier_wrong: codeRefusal(),
  redirect_uri_differs: {
    error: 'redirect_uri_mismatch',
    error_description: 'The redirect_uri MUST match the registered callback URL for this application.',
  },
};

function codeRefusal() {
  return { error: 'bad_verification_code', error_description: 'The code passed is incorrect or expired.' };
}

function answerToken(ask: Ask, bench: GitHubBench): Answer {
  const faults = bench.faults.take('token');
  const failure = tokenFailure(faults);
  if (failure !== undefined) return failure;
  const refusal = faultyRefusal(faults);
  if (refusal !== undefined) return asAccepted(ask, refused(refusal));
  const redeemed = redeem(ask, bench);
  if (redeemed.outcome === 'refused') return asAccepted(ask, refused(redeemed.reason));
  const accessToken = `gho_${randomBytes(27).toString('base64url').replaceAll(/[-_]/g, '0')}`;
  bench.accessTokens.set(accessToken, redeemed.grant);
  const scope = [...redeemed.grant.scopes].join(',');
  return bentTokenAnswer(asAccepted(ask, { access_token: accessToken, scope, token_type: 'bearer' }), faults);
}

function faultyRefusal(faults: FaultSet<GitHubFault>): TokenRefusal | undefined {
  if (faults.has('invalid_client')) return 'client_wrong';
  return faults.has('token_error_200') ? 'code_unknown' : undefined;
}

function refused(reason: TokenRefusal): Record<string, string> {
  const { error } = refusals[reason];
  const section = error.replaceAll('_', '-');
  return { ...refusals[reason], error_uri: troubleshooting('oauth-app-access-token-request', section) };
}

/** A form, unless JSON is asked for. */
function asAccepted(ask: Ask, body: Record<string, string>): Answer {
  if ((ask.headers.accept ?? '').includes('json')) return json(200, body);
  const headers = {
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    'cache-control': 'no-store',
  };
  return { status: 200, headers, body: new URLSearchParams(body).toString() };
}
