import { AppError } from '../kernel/errors.ts';
import { certificateChecks } from './certificate.ts';
import type { Check, Group } from './check.ts';
import { openGroup } from './check.ts';
import { clockChecks, probe } from './probe.ts';
import type { ProbeDeps } from './probe.ts';
import { unreached } from './unreached.ts';

/** Both end without a slash. */
export type GitHubTarget = { readonly baseUrl: string; readonly apiUrl: string };

const why = 'Nobody can sign in with github.';
const baseName = 'CLOUDGRID_AUTH_GITHUB_BASE_URL';
const apiName = 'CLOUDGRID_AUTH_GITHUB_API_URL';

/** GitHub publishes no metadata: asks the two addresses that a sign-in uses, and shows nothing. */
export async function gitHubChecks(
  { baseUrl, apiUrl }: GitHubTarget,
  deps: ProbeDeps,
): Promise<readonly Check[]> {
  const group = openGroup('github');
  const [login, api, certificate] = await Promise.all([
    loginCheck(group, new URL(`${baseUrl}/login/oauth/authorize`), deps),
    apiChecks(group, new URL(`${apiUrl}/user`), deps),
    certificateChecks(group, new URL(baseUrl), deps),
  ]);
  const client = group.skipped('client', 'whether GitHub takes id and secret shows at the first sign-in');
  return [login, ...api, ...(login.status === 'ok' ? certificate : []), client];
}

/** Any page, and any redirect to one, will do; it is made for people. */
async function loginCheck(group: Group, url: URL, deps: ProbeDeps): Promise<Check> {
  try {
    const { status, tookMs } = await probe(url, deps);
    if (status < 500) return group.ok('login pages', `${url.host} answers, in ${tookMs} ms`);
    const found = `${url.host} answers ${status}, in ${tookMs} ms`;
    return group.failed('login pages', { found, why, mend: 'Try again; it is GitHub that fails.' });
  } catch (error) {
    const finding = error instanceof AppError ? error.context.finding : undefined;
    if (finding === 'redirect' || finding === 'too_large')
      return group.ok('login pages', `${url.host} answers with a page`);
    return group.failed('login pages', unreached(error, { why, variable: baseName }));
  }
}

/** Without a token the API refuses, which only GitHub's would at this address. */
async function apiChecks(group: Group, url: URL, deps: ProbeDeps): Promise<readonly Check[]> {
  try {
    const answered = await probe(url, deps);
    return [judgeApi(group, url, answered), ...clockChecks(group, answered, url.host)];
  } catch (error) {
    return [group.failed('api', unreached(error, { why, variable: apiName }))];
  }
}

function judgeApi(
  group: Group,
  url: URL,
  { status, tookMs }: { readonly status: number; readonly tookMs: number },
): Check {
  const found = `${url.href} answers ${status} to a stranger`;
  if (status === 401) return group.ok('api', `${found}, as it should, in ${tookMs} ms`);
  if (status === 403 || status === 429) {
    const mend = 'Try again in an hour; GitHub counts what strangers ask by address.';
    return group.warning('api', { found, why: 'It may be that this address asked too often.', mend });
  }
  const mend = `Set ${apiName} to where /user and /user/emails lie, or correct ${baseName}.`;
  return group.failed('api', { found, why: `${why} Here is not GitHub’s API.`, mend });
}
