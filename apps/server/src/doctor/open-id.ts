import type { Secret } from '../kernel/secret.ts';
import { AppError } from '../kernel/errors.ts';
import { successIn } from '../provider/answers.ts';
import { metadataAddress, readMetadata } from '../provider/discovery.ts';
import type { Metadata } from '../provider/discovery.ts';
import { readKeys } from '../provider/key-set.ts';
import { receivedIssuer } from '../provider/rules.ts';
import { certificateChecks } from './certificate.ts';
import type { Check, Group } from './check.ts';
import { openGroup } from './check.ts';
import { clientCheck } from './client-shape.ts';
import { clockChecks, probe } from './probe.ts';
import type { Answered, ProbeDeps } from './probe.ts';
import { unreached } from './unreached.ts';

/** An OpenID provider of the configuration, and the variables that say so. */
export type OpenIdTarget = {
  readonly name: string;
  readonly issuer: string;
  /** What the document may call itself. */
  readonly documentIssuers: readonly string[];
  readonly jwksUrl?: URL;
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly variables: { readonly issuer: string; readonly keys: string; readonly client: string };
};

type Sight = { readonly group: Group; readonly target: OpenIdTarget; readonly deps: ProbeDeps };

/** Asks the provider what everybody may ask: its metadata and its keys. */
export async function openIdChecks(target: OpenIdTarget, deps: ProbeDeps): Promise<readonly Check[]> {
  const sight = { group: openGroup(target.name), target, deps };
  const address = metadataAddress(target.issuer);
  const [document, certificate] = await Promise.all([
    lookAtMetadata(sight, address),
    certificateChecks(sight.group, address, deps),
  ]);
  const jwksUri = target.jwksUrl ?? document.metadata?.jwksUri;
  const keys = jwksUri === undefined ? [] : [await lookAtKeys(sight, jwksUri)];
  const isReached = document.checks.some(({ status }) => status === 'ok');
  return [...document.checks, ...keys, ...(isReached ? certificate : []), clientCheck(sight.group, target)];
}

async function lookAtMetadata(
  { group, target, deps }: Sight,
  url: URL,
): Promise<{ readonly checks: readonly Check[]; readonly metadata?: Metadata }> {
  let answered: Answered | undefined;
  try {
    answered = await probe(url, deps);
    const document = successIn(answered, { host: url.host, now: answered.answeredAt });
    const metadata = readMetadata(document, target.documentIssuers, url);
    const found = `${metadata.issuer}, as configured, in ${answered.tookMs} ms`;
    return { metadata, checks: [group.ok('metadata', found), ...clockChecks(group, answered, url.host)] };
  } catch (error) {
    const clock = answered === undefined ? [] : clockChecks(group, answered, url.host);
    return { checks: [group.failed('metadata', metadataTrouble(error, target, answered)), ...clock] };
  }
}

function metadataTrouble(error: unknown, target: OpenIdTarget, answered: Answered | undefined) {
  const why = `Nobody can sign in with ${target.name}.`;
  const variable = target.variables.issuer;
  const isForeign = error instanceof AppError && error.context.finding === 'discovery_issuer_mismatch';
  if (!isForeign || answered === undefined) return unreached(error, { why, variable });
  const { issuer } = successIn(answered, { host: '', now: answered.answeredAt });
  const named = receivedIssuer(issuer).receivedIssuer ?? 'something that is no address';
  return {
    found: `the document calls itself ${named}, not ${target.documentIssuers.join(' or ')}`,
    why: `${why} Issuers agree letter by letter; a slash at the end counts.`,
    mend: `Correct ${variable}, if the document is the right one.`,
  };
}

async function lookAtKeys({ group, target, deps }: Sight, url: URL): Promise<Check> {
  const why = `No token of ${target.name} can be checked.`;
  const variable = target.jwksUrl === undefined ? target.variables.issuer : target.variables.keys;
  try {
    const answered = await probe(url, deps);
    const count = readKeys(successIn(answered, { host: url.host, now: answered.answeredAt })).length;
    if (count > 0) return group.ok('keys', `${count} usable at ${url.host}, in ${answered.tookMs} ms`);
    const mend = `Correct ${variable}: a key to be used is a public one for signatures, RSA from 2048 bits on.`;
    return group.failed('keys', { found: `none of use at ${url.host}`, why, mend });
  } catch (error) {
    return group.failed('keys', unreached(error, { why, variable }));
  }
}
