import { html, json } from './exchange.ts';
import type { Answer } from './exchange.ts';
import type {
  DiscoveryFault,
  GitHubApiFault,
  JwksFault,
  TokenTransportFault,
} from './misbehave-catalogue.ts';
import { pairsOf } from './misbehave.ts';
import type { FaultSet } from './misbehave.ts';

const RETRY_AFTER = { 'retry-after': '7' };
const HUGE_BYTES = 10_000_000;

const broken = (): Answer => json(500, { error: 'server_error', error_description: 'Something broke' });
const late = (): Answer => ({ ...json(504, { error: 'temporarily_unavailable' }), delivery: 'late' });
const maintenance = (): Answer => html(200, '<!doctype html><title>Maintenance</title><h1>Back soon</h1>');
const tooMany = (): Answer => json(429, { error: 'temporarily_unavailable' }, RETRY_AFTER);

const rateLimited = (): Answer =>
  json(
    403,
    { message: 'API rate limit exceeded', documentation_url: 'https://docs.github.com/rest' },
    { ...RETRY_AFTER, 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '0' },
  );

type InsteadOfToken = 'token_500' | 'token_429' | 'token_hang' | 'token_reset' | 'token_html';
type BentToken = Exclude<TokenTransportFault, InsteadOfToken | 'invalid_client'>;

const insteadOfToken: Record<InsteadOfToken, () => Answer> = {
  token_500: broken,
  token_429: tooMany,
  token_hang: late,
  token_reset: () => ({ status: 200, headers: {}, body: '', delivery: 'reset' }),
  token_html: maintenance,
};

const insteadOfDiscovery: Record<Exclude<DiscoveryFault, 'issuer_mismatch_in_discovery'>, () => Answer> = {
  discovery_500: broken,
  discovery_hang: late,
  discovery_html: maintenance,
};

const insteadOfJwks: Record<JwksFault, () => Answer> = {
  jwks_500: broken,
  jwks_hang: late,
  jwks_html: maintenance,
  jwks_empty: () => json(200, { keys: [] }),
  jwks_empty_object: () => json(200, {}),
};

const insteadOfGitHubApi: Record<GitHubApiFault, () => Answer> = {
  api_403_rate_limited: rateLimited,
  api_500: () => json(500, { message: 'Server Error' }),
  emails_403_rate_limited: rateLimited,
  emails_429: () => json(429, { message: 'You have exceeded a secondary rate limit' }, RETRY_AFTER),
  emails_500: () => json(500, { message: 'Server Error' }),
};

const bendToken: Record<BentToken, (answer: Answer) => Answer> = {
  token_half_body: (answer) => ({ ...answer, delivery: 'half' }),
  token_wrong_content_type: (answer) => ({
    ...answer,
    headers: { ...answer.headers, 'content-type': 'text/plain' },
  }),
  token_huge: (answer) => ({ ...answer, body: padded(answer.body) }),
};

/** The same answer, JSON or form, with a member that nobody asked for in front. */
function padded(body: string): string {
  const padding = 'x'.repeat(HUGE_BYTES);
  return body.startsWith('{') ? `{"padding":"${padding}",${body.slice(1)}` : `padding=${padding}&${body}`;
}

function firstOf<Fault extends string>(
  table: Readonly<Record<Fault, () => Answer>>,
  faults: FaultSet<Fault>,
): Answer | undefined {
  return pairsOf(table).find(([fault]) => faults.has(fault))?.[1]();
}

/** Answers that come before the code is looked at, so that it is not used up. */
export const tokenFailure = (faults: FaultSet<InsteadOfToken>) => firstOf(insteadOfToken, faults);
export const discoveryFailure = (faults: FaultSet<keyof typeof insteadOfDiscovery>) =>
  firstOf(insteadOfDiscovery, faults);
export const jwksFailure = (faults: FaultSet<JwksFault>) => firstOf(insteadOfJwks, faults);
export const gitHubApiFailure = (faults: FaultSet<GitHubApiFault>) => firstOf(insteadOfGitHubApi, faults);

/** What becomes of a good token answer on its way. */
export function bentTokenAnswer(answer: Answer, faults: FaultSet<BentToken>): Answer {
  return pairsOf(bendToken).reduce((bent, [fault, bend]) => (faults.has(fault) ? bend(bent) : bent), answer);
}
