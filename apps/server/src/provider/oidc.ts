import { secondMs } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import { randomToken } from '../kernel/tokens.ts';
import type { Claims } from './answers.ts';
import { successIn } from './answers.ts';
import { authorizationRequest, codeIn, redeem } from './authorization-code.ts';
import type { Client, ProviderDeps, TokenAnswer } from './authorization-code.ts';
import { providerBudgetMs, withinDeadline } from './deadline.ts';
import type { Metadata } from './discovery.ts';
import { openDiscovery } from './discovery.ts';
import { displayNameFrom } from './display-name.ts';
import { checkClaims, checkSignature, parseIdToken } from './id-token.ts';
import type { KeySet } from './key-set.ts';
import { openKeySet } from './key-set.ts';
import type { Kept } from './kept.ts';
import { proofStep } from './proof-step.ts';
import type { Departure, Provider, ProvenIdentity, Return } from './provider.ts';
import { refused, textOf } from './refusal.ts';
import type { RuleSet } from './rules.ts';
import { plainRules } from './rules.ts';
import { noteEmail } from './vouched-email.ts';

export type OidcSettings = Client & {
  /** Byte for byte as the provider writes it: a trailing slash counts. */
  readonly issuer: string;
  /** The client id unless told. */
  readonly audience?: string;
  /** Instead of the address in the provider's metadata. */
  readonly jwksUrl?: URL;
};

/** A company's own OpenID provider, whatever its make. */
export function oidcProvider(settings: OidcSettings, deps: ProviderDeps): Provider {
  return openIdProvider(settings, plainRules(settings.issuer), deps);
}

type Flow = {
  readonly settings: OidcSettings;
  readonly rules: RuleSet;
  readonly deps: ProviderDeps;
  readonly discovery: Kept<Metadata>;
  readonly keys: KeySet;
};

/** The code flow with PKCE and nonce (OpenID Connect Core §3.1) under one brand's rules. */
export function openIdProvider(settings: OidcSettings, rules: RuleSet, deps: ProviderDeps): Provider {
  const { budgetMs = providerBudgetMs } = deps;
  const discovery = openDiscovery({ issuer: settings.issuer, documentIssuers: rules.documentIssuers }, deps);
  const addressOf = async (deadline: AbortSignal) =>
    settings.jwksUrl ?? (await discovery.read(deadline)).jwksUri;
  const keys = openKeySet(addressOf, deps);
  const flow = { settings, rules, deps, discovery, keys };
  return {
    steps: ['code_exchange', 'id_token', ...(rules.asksUserinfo ? (['userinfo'] as const) : []), 'email'],
    begin: (departure) => withinDeadline(budgetMs, (deadline) => depart(flow, departure, deadline)),
    finish: (arrival) => withinDeadline(budgetMs, (deadline) => prove(flow, arrival, deadline)),
  };
}

async function depart({ settings, discovery }: Flow, departure: Departure, deadline: AbortSignal) {
  const { authorizationEndpoint } = await discovery.read(deadline);
  const { redirectTo, verifier } = await authorizationRequest(authorizationEndpoint, settings, departure);
  const nonce = randomToken();
  const { loginHint, prompt } = departure.hints;
  redirectTo.searchParams.set('scope', 'openid profile email');
  redirectTo.searchParams.set('nonce', nonce);
  if (loginHint !== undefined) redirectTo.searchParams.set('login_hint', loginHint);
  if (prompt !== undefined) redirectTo.searchParams.set('prompt', prompt);
  return { redirectTo, remembered: { verifier, nonce } };
}

async function prove(flow: Flow, arrival: Return, deadline: AbortSignal): Promise<ProvenIdentity> {
  const { trace } = arrival;
  const { rules } = flow;
  const exchanged = await proofStep(trace, 'code_exchange', () => exchange(flow, arrival, deadline));
  const { issuer, subject, claims } = await proofStep(trace, 'id_token', () =>
    checkToken(flow, { ...arrival, ...exchanged }, deadline),
  );
  const told = rules.asksUserinfo
    ? await proofStep(trace, 'userinfo', () => addUserinfo(flow, { claims, ...exchanged }, deadline))
    : claims;
  const email = await proofStep(trace, 'email', () => Promise.resolve(noteEmail(rules.emailOf(told), trace)));
  const { name, preferred_username: username, email: address } = told;
  return { issuer, subject, displayName: displayNameFrom([name, username, address, subject]), email };
}

type Exchanged = { readonly code: string; readonly tokens: TokenAnswer; readonly metadata: Metadata };

async function exchange(flow: Flow, arrival: Return, deadline: AbortSignal): Promise<Exchanged> {
  const { settings, rules, deps } = flow;
  const { callback, callbackUrl, remembered } = arrival;
  const { mayCallItself, rejectionIn } = rules;
  const metadata = await flow.discovery.read(deadline);
  const code = codeIn(callback, { alwaysNamesItself: metadata.sendsIssuer, mayCallItself });
  const endpoint = {
    url: metadata.tokenEndpoint,
    secretGoesIn: secretPlace(metadata),
    ...(rejectionIn === undefined ? {} : { rejectionIn }),
  };
  const verifier = textOf(remembered['verifier'], 'verifier_missing');
  const tokens = await redeem({ code, verifier, callbackUrl, client: settings, endpoint }, deps, deadline);
  return { code, tokens, metadata };
}

async function checkToken(
  { settings, rules, keys, deps }: Flow,
  { remembered, trace, code, tokens }: Return & Exchanged,
  deadline: AbortSignal,
) {
  const token = parseIdToken(textOf(tokens.body['id_token'], 'id_token_missing'));
  const key = await keys.find(token.hint, deadline);
  await checkSignature(token, key);
  const now = deps.clock.now();
  trace.note({ ...timesOf(token.claims, tokens, now), keysAgeSeconds: keys.ageSeconds() });
  const issuer = rules.issuerOf(token.claims, key);
  const expected = {
    clientId: settings.clientId,
    audience: settings.audience ?? settings.clientId,
    nonce: textOf(remembered['nonce'], 'nonce_mismatch'),
    code,
    accessToken: tokens.accessToken,
    issuedEarlierSeconds: rules.issuedEarlierSeconds,
  };
  checkClaims(token, expected, now);
  return { issuer, subject: rules.subjectOf(token.claims), claims: token.claims };
}

async function addUserinfo(
  { deps: { outbound, clock } }: Flow,
  { claims, metadata, tokens }: Exchanged & { claims: Claims },
  deadline: AbortSignal,
): Promise<Claims> {
  const { userinfoEndpoint: url } = metadata;
  if (claims['email'] !== undefined || url === undefined) return claims;
  const headers = { accept: 'application/json', authorization: `Bearer ${tokens.accessToken}` };
  const answer = await outbound.ask({ url, headers, deadline });
  const info = successIn(answer, { host: url.host, now: clock.now() });
  // OpenID Connect Core §5.3.2.
  if (info['sub'] !== claims['sub']) throw refused('userinfo_subject_mismatch', { host: url.host });
  // An address and the word that it is verified come from one document, never from two.
  const { email, email_verified } = info;
  return { ...info, ...claims, email, email_verified, hd: claims['hd'] };
}

function secretPlace({ clientAuthMethods }: Metadata): 'header' | 'body' {
  const methods = clientAuthMethods ?? ['client_secret_basic']; // the default of Discovery §3
  if (methods.includes('client_secret_basic')) return 'header';
  if (methods.includes('client_secret_post')) return 'body';
  throw new AppError('provider_misconfigured', { finding: 'client_authentication_unsupported' });
}

/** What shows which of two clocks is wrong. `issuedAheadSeconds`: how far the token's `iat` lies ahead of us. */
function timesOf({ iat }: Claims, { date }: TokenAnswer, now: Date) {
  const providerAt = Date.parse(date ?? '');
  return {
    ...(typeof iat === 'number' ? { issuedAheadSeconds: Math.round(iat - now.getTime() / secondMs) } : {}),
    ...(Number.isNaN(providerAt)
      ? {}
      : { providerClockAheadSeconds: Math.round((providerAt - now.getTime()) / secondMs) }),
  };
}
