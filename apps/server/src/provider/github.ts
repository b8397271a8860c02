import { AppError } from '../kernel/errors.ts';
import type { OutboundAnswer } from '../kernel/outbound.ts';
import type { Claims } from './answers.ts';
import { isObject, jsonIn, successIn, unavailable } from './answers.ts';
import { authorizationRequest, codeIn, redeem } from './authorization-code.ts';
import type { Client, ProviderDeps } from './authorization-code.ts';
import { providerBudgetMs, withinDeadline } from './deadline.ts';
import { displayNameFrom } from './display-name.ts';
import { proofStep } from './proof-step.ts';
import type { Provider, ProvenIdentity, Return, VouchedEmail } from './provider.ts';
import { refused, textOf } from './refusal.ts';
import { noteEmail, vouched } from './vouched-email.ts';

export type GitHubSettings = Client & {
  /** `/login/oauth/*` lies below it; it may carry a path. */
  readonly baseUrl: URL;
  /** `/user` and `/user/emails` lie below it; it may carry a path. */
  readonly apiUrl: URL;
};

const mostPages = 10;

/** GitHub.com or a GitHub Enterprise Server: OAuth 2.0 with PKCE, no ID token; the numeric id is the person. */
export function githubProvider(settings: GitHubSettings, deps: ProviderDeps): Provider {
  const { budgetMs = providerBudgetMs } = deps;
  return {
    steps: ['code_exchange', 'profile', 'email'],
    begin: async (departure) => {
      const endpoint = below(settings.baseUrl, '/login/oauth/authorize');
      const { redirectTo, verifier } = await authorizationRequest(endpoint, settings, departure);
      const { loginHint, prompt } = departure.hints;
      redirectTo.searchParams.set('scope', 'read:user user:email');
      if (loginHint !== undefined) redirectTo.searchParams.set('login', loginHint);
      if (prompt === 'select_account') redirectTo.searchParams.set('prompt', prompt);
      return { redirectTo, remembered: { verifier } };
    },
    finish: (arrival) => withinDeadline(budgetMs, (deadline) => prove(arrival, { settings, deps, deadline })),
  };
}

type Proof = {
  readonly settings: GitHubSettings;
  readonly deps: ProviderDeps;
  readonly deadline: AbortSignal;
};

async function prove(arrival: Return, proof: Proof): Promise<ProvenIdentity> {
  const { trace } = arrival;
  const { settings } = proof;
  const accessToken = await proofStep(trace, 'code_exchange', () => exchange(arrival, proof));
  const person = await proofStep(trace, 'profile', () => readPerson(accessToken, proof));
  const email = await proofStep(trace, 'email', async () =>
    noteEmail(vouchedEmail(await readPrimary(accessToken, proof)), trace),
  );
  return { issuer: addressOf(settings.baseUrl), ...person, email };
}

async function exchange({ callback, callbackUrl, remembered }: Return, { settings, deps, deadline }: Proof) {
  const ownNames = ['', '/login/oauth'].map((path) => `${addressOf(settings.baseUrl)}${path}`);
  const code = codeIn(callback, {
    alwaysNamesItself: false,
    mayCallItself: (named) => ownNames.includes(named),
  });
  const verifier = textOf(remembered['verifier'], 'verifier_missing');
  const url = below(settings.baseUrl, '/login/oauth/access_token');
  const endpoint = { url, secretGoesIn: 'body' } as const;
  const { accessToken } = await redeem(
    { code, verifier, callbackUrl, client: settings, endpoint },
    deps,
    deadline,
  );
  return accessToken;
}

/** Logins change hands; the id never does. */
async function readPerson(accessToken: string, proof: Proof) {
  const url = below(proof.settings.apiUrl, '/user');
  const answer = await askApi(url, accessToken, proof);
  const { id, login, name } = successIn(answer, { host: url.host, now: proof.deps.clock.now() });
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id <= 0) throw refused('subject_missing');
  return { subject: String(id), displayName: displayNameFrom([name, login, String(id)]) };
}

/** The primary address, page after page. */
async function readPrimary(accessToken: string, proof: Proof): Promise<Claims | undefined> {
  const { apiUrl } = proof.settings;
  let url: URL | undefined = below(apiUrl, '/user/emails');
  url.searchParams.set('per_page', '100');
  for (let page = 0; page < mostPages && url !== undefined; page += 1) {
    const answer: OutboundAnswer = await askApi(url, accessToken, proof);
    const primary = addressesIn(answer, url, proof).find((address) => address['primary'] === true);
    if (primary !== undefined) return primary;
    url = nextPage(answer.headers.get('link'), apiUrl);
  }
  return undefined;
}

function addressesIn(answer: OutboundAnswer, url: URL, { deps }: Proof): readonly Claims[] {
  // So it answers where the person, or the kind of app, did not grant `user:email`.
  if (answer.status === 404) {
    throw new AppError('provider_misconfigured', { finding: 'email_permission_missing', host: url.host });
  }
  if (answer.status !== 200) throw unavailable(answer, { host: url.host, now: deps.clock.now() });
  const body = jsonIn(answer);
  if (!Array.isArray(body))
    throw new AppError('provider_unavailable', { finding: 'not_json', host: url.host });
  return body.filter(isObject);
}

/** RFC 8288; undefined on the last page. The token goes nowhere but to the API. */
export function nextPage(link: string | null, apiUrl: URL): URL | undefined {
  const target = /<([^<>]+)>\s*;\s*rel="next"/.exec(link ?? '')?.[1];
  const url = target === undefined ? null : URL.parse(target);
  if (url === null || url.origin !== apiUrl.origin) return undefined;
  return url.pathname.startsWith(below(apiUrl, '/').pathname) ? url : undefined;
}

/** GitHub vouches that the address was read once; it runs no mailboxes. */
function vouchedEmail(primary: Claims | undefined): VouchedEmail {
  return vouched(primary?.['email'], { isVerified: primary?.['verified'] === true });
}

function askApi(url: URL, accessToken: string, { deps, deadline }: Proof): Promise<OutboundAnswer> {
  const headers = {
    accept: 'application/vnd.github+json',
    authorization: `Bearer ${accessToken}`,
    'user-agent': 'gatehouse', // without one GitHub answers 403
    'x-github-api-version': '2022-11-28',
  };
  return deps.outbound.ask({ url, headers, deadline });
}

function addressOf({ origin, pathname }: URL): string {
  return `${origin}${pathname.replace(/\/+$/, '')}`;
}

function below(base: URL, path: string): URL {
  return new URL(`${addressOf(base)}${path}`);
}
