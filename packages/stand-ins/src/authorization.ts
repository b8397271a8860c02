import type { Bench } from './bench.ts';
import { redirect } from './exchange.ts';
import type { Answer, Ask } from './exchange.ts';
import type { CommonRedirectFault } from './misbehave-catalogue.ts';
import { hostileErrorText, hugeCookies, spoilState } from './misbehave-redirect.ts';
import type { RedirectError } from './misbehave-redirect.ts';
import type { FaultSet } from './misbehave.ts';
import { page, peoplePage, stuckPage } from './pages.ts';
import type { PersonCard } from './pages.ts';
import type { Keyed } from './people.ts';

/** In what one provider's authorization endpoint differs from another's. */
export type AuthorizationManner<Person extends Keyed, Fault extends string> = {
  readonly card: (person: Person) => PersonCard;
  /** What the provider tells somebody whom this address does not admit; they stay there. */
  readonly notAdmitted?: (person: Person, ask: Ask) => string | undefined;
  /** What is wrong with the request besides client, redirect URI and challenge; the person stays there. */
  readonly problem: (ask: Ask) => string | undefined;
  readonly unknownClient: (clientId: string) => string;
  readonly unknownRedirectUri: (redirectUri: string) => string;
  readonly errorParams: (error: RedirectError) => Readonly<Record<string, string>>;
  /** Parameters besides code and state, for good and for bad. */
  readonly extras: (
    outcome: 'code' | 'error',
    ask: Ask,
    faults: FaultSet<Fault>,
  ) => Readonly<Record<string, string>>;
  /** Faults that end in an error besides the common ones. */
  readonly faultyError: (faults: FaultSet<Fault>) => RedirectError | undefined;
};

type Meeting<Person extends Keyed, Fault extends string> = {
  readonly ask: Ask;
  readonly redirectUri: string;
  readonly bench: Bench<Person, Fault | CommonRedirectFault>;
  readonly manner: AuthorizationManner<Person, Fault | CommonRedirectFault>;
};

/** GET shows the people, or goes on at once if somebody signs in without a page; POST is the click. */
export function authorize<Person extends Keyed, Fault extends string>(
  ask: Ask,
  bench: Bench<Person, Fault | CommonRedirectFault>,
  manner: AuthorizationManner<Person, Fault | CommonRedirectFault>,
): Answer {
  const redirectUri = ask.query.get('redirect_uri') ?? '';
  const problem = problemWith(ask, bench, manner);
  if (problem !== undefined) return stuckPage(bench.product, problem, 'request');
  const meeting = { ask, redirectUri, bench, manner };
  if (ask.form.has('cancel')) return sendBack(meeting, manner.errorParams('access_denied'));
  const person = ask.method === 'POST' ? bench.people.find(ask.form.get('person') ?? '') : bench.signsIn();
  if (person !== undefined) return goOn(meeting, person);
  if (ask.query.get('prompt') === 'none') return sendBack(meeting, manner.errorParams('login_required'));
  return peoplePage(
    bench.product,
    orderedCards(bench.people.all().map(manner.card), ask.query.get('login_hint')),
  );
}

function problemWith<Person extends Keyed, Fault extends string>(
  ask: Ask,
  { client }: Bench<Person, Fault>,
  manner: AuthorizationManner<Person, Fault>,
): string | undefined {
  const clientId = ask.query.get('client_id') ?? '';
  const redirectUri = ask.query.get('redirect_uri') ?? '';
  if (clientId !== client.id) return manner.unknownClient(clientId);
  const isKnown = client.redirectUris?.includes(redirectUri) ?? URL.canParse(redirectUri);
  if (!isKnown) return manner.unknownRedirectUri(redirectUri);
  if (ask.query.has('code_challenge') && ask.query.get('code_challenge_method') !== 'S256') {
    return 'invalid_request: code_challenge_method must be S256';
  }
  return manner.problem(ask);
}

/** The person whom the application hints at comes first. */
function orderedCards(cards: readonly PersonCard[], hint: string | null): readonly PersonCard[] {
  const isHinted = ({ key, account }: PersonCard) =>
    hint !== null && (key === hint || account.includes(hint));
  return [...cards.filter(isHinted), ...cards.filter((card) => !isHinted(card))];
}

function goOn<Person extends Keyed, Fault extends string>(
  meeting: Meeting<Person, Fault>,
  person: Person,
): Answer {
  const { ask, bench, manner, redirectUri } = meeting;
  const refusal = manner.notAdmitted?.(person, ask);
  if (refusal !== undefined) return stuckPage(bench.product, refusal, 'person');
  const faults = bench.faults.take('authorize');
  if (faults.has('never_returns')) {
    const body = '<p>This page has no way back to the application.</p>';
    return page({ product: bench.product, title: 'The end of the road', body });
  }
  const error = faults.has('deny') ? 'access_denied' : manner.faultyError(faults);
  if (error !== undefined) return sendBack(meeting, manner.errorParams(error), faults);
  if (faults.has('unknown_error')) {
    const params = { error: 'error_nobody_knows', error_description: hostileErrorText };
    return sendBack(meeting, params, faults);
  }
  const code = bench.codes.issue({
    person,
    redirectUri,
    scopes: new Set((ask.query.get('scope') ?? '').split(/[ ,]+/).filter((scope) => scope !== '')),
    nonce: ask.query.get('nonce'),
    codeChallenge: ask.query.get('code_challenge'),
    params: ask.params,
  });
  return sendBack(meeting, { code }, faults);
}

function sendBack<Person extends Keyed, Fault extends string>(
  { ask, redirectUri, manner }: Meeting<Person, Fault>,
  params: Readonly<Record<string, string>>,
  faults: FaultSet<Fault | CommonRedirectFault> = { has: () => false },
): Answer {
  const target = new URL(redirectUri);
  const extras = manner.extras('code' in params ? 'code' : 'error', ask, faults);
  for (const [name, value] of Object.entries({ ...params, ...extras })) target.searchParams.set(name, value);
  const state = ask.query.get('state');
  if (state !== null) target.searchParams.set('state', state);
  spoilState(target.searchParams, faults);
  return redirect(302, target.href, faults.has('huge_headers') ? { 'set-cookie': hugeCookies() } : {});
}
