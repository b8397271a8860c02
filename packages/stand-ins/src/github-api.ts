import { randomBytes } from 'node:crypto';
import type { Grant } from './authorization-codes.ts';
import type { Bench } from './bench.ts';
import { json } from './exchange.ts';
import type { Answer, AnswerHeaders, Ask } from './exchange.ts';
import type { GitHubPerson } from './github-people.ts';
import { gitHubApiFailure } from './misbehave-answers.ts';
import type { GitHubFault } from './misbehave-catalogue.ts';
import type { Route } from './routing.ts';

const PER_PAGE = 30;
const PER_PAGE_AT_MOST = 100;
const documentation = { documentation_url: 'https://docs.github.com/rest' };

type GitHubBench = Bench<GitHubPerson, GitHubFault>;
type Read = (grant: Grant<GitHubPerson>, ask: Ask) => Answer;

export function gitHubApiRoutes(bench: GitHubBench, apiPath: string): Route[] {
  const route = (kind: 'user' | 'emails', path: string, read: Read): Route => ({
    method: 'GET',
    path: `${apiPath}${path}`,
    kind,
    answer: (ask) => {
      const { status, headers, body } = guarded(ask, bench, { kind, read });
      return { status, headers: { 'x-github-request-id': requestId(), ...headers }, body };
    },
  });
  const emailsUrl = `${bench.origin}${apiPath}/user/emails`;
  return [
    route('user', '/user', ({ person }) => json(200, profile(person))),
    route('emails', '/user/emails', (grant, ask) => emailsPage(grant, ask, emailsUrl)),
  ];
}

function requestId(): string {
  const part = (bytes: number) => randomBytes(bytes).toString('hex').toUpperCase();
  return `${part(2)}:${part(3)}:${part(4)}:${part(4)}:${part(4)}`;
}

function guarded(
  ask: Ask,
  bench: GitHubBench,
  { kind, read }: { kind: 'user' | 'emails'; read: Read },
): Answer {
  if (ask.headers['user-agent'] === undefined) {
    return json(403, {
      message: 'Request forbidden by administrative rules. Send a User-Agent.',
      ...documentation,
    });
  }
  const [, token = ''] = /^(?:Bearer|token) (\S+)$/i.exec(ask.headers.authorization ?? '') ?? [];
  const grant = bench.accessTokens.get(token);
  if (grant === undefined) return json(401, { message: 'Bad credentials', ...documentation, status: '401' });
  const failure = gitHubApiFailure(bench.faults.take(kind));
  if (failure !== undefined) return failure;
  const answer = read(grant, ask);
  return { ...answer, headers: { ...answer.headers, 'x-oauth-scopes': [...grant.scopes].join(', ') } };
}

function profile({ id, login, name, publicEmail }: GitHubPerson): Record<string, unknown> {
  return {
    login,
    id,
    node_id: Buffer.from(`04:User${id}`).toString('base64'),
    type: 'User',
    site_admin: false,
    name,
    email: publicEmail,
    two_factor_authentication: true,
  };
}

function emailsPage({ person, scopes }: Grant<GitHubPerson>, ask: Ask, emailsUrl: string): Answer {
  if (!scopes.has('user:email') && !scopes.has('user'))
    return json(404, { message: 'Not Found', ...documentation });
  const perPage = Math.min(positive(ask.query.get('per_page')) ?? PER_PAGE, PER_PAGE_AT_MOST);
  const number = positive(ask.query.get('page')) ?? 1;
  const last = Math.max(1, Math.ceil(person.emails.length / perPage));
  const slice = person.emails.slice((number - 1) * perPage, number * perPage);
  return json(200, slice, linkHeader(emailsUrl, { number, last, perPage }));
}

function positive(text: string | null): number | undefined {
  const number = Number(text);
  return Number.isInteger(number) && number > 0 ? number : undefined;
}

/** RFC 8288; absent where everything is on one page. */
function linkHeader(
  url: string,
  { number, last, perPage }: Record<'number' | 'last' | 'perPage', number>,
): AnswerHeaders {
  const link = (page: number, rel: string) => `<${url}?per_page=${perPage}&page=${page}>; rel="${rel}"`;
  const back = number > 1 ? [link(number - 1, 'prev'), link(1, 'first')] : [];
  const onwards = number < last ? [link(number + 1, 'next'), link(last, 'last')] : [];
  const links = [...back, ...onwards];
  return links.length === 0 ? {} : { link: links.join(', ') };
}
