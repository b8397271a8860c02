import { createHash, randomBytes } from 'node:crypto';
import type { EntraPerson } from './entra-people.ts';
import { CONTOSO, FABRIKAM } from './entra-people.ts';
import type { EntraFault } from './misbehave-catalogue.ts';
import { without } from './misbehave-claims.ts';
import type { Claims } from './misbehave-claims.ts';
import { pairsOf } from './misbehave.ts';
import type { FaultSet } from './misbehave.ts';
import { present } from './oidc.ts';

/** Another one for each application, so nobody can join people across applications by it. */
export function pairwiseSubject({ tid, oid }: EntraPerson, clientId: string): string {
  return createHash('sha256').update(`${clientId}|${tid}|${oid}`).digest('base64url');
}

/** A version 2.0 ID token's claims; there is no `email_verified`. */
export function entraClaims(person: EntraPerson, issuer: string, clientId: string): Claims {
  return present({
    ver: '2.0',
    iss: issuer,
    sub: pairwiseSubject(person, clientId),
    name: person.name,
    preferred_username: person.preferredUsername,
    oid: person.oid,
    tid: person.tid,
    email: person.email,
    xms_edov: person.xmsEdov,
    idp: person.homeTid === undefined ? undefined : `https://sts.windows.net/${person.homeTid}/`,
    acct: person.homeTid === undefined ? undefined : 1,
    rh: `1.${randomBytes(24).toString('base64url')}.`,
    uti: randomBytes(16).toString('base64url'),
  });
}

const spoilers: Record<'tid_mismatch' | 'missing_tid' | 'v1_token', (claims: Claims) => Claims> = {
  tid_mismatch: (claims) => ({ ...claims, tid: claims['tid'] === CONTOSO ? FABRIKAM : CONTOSO }),
  missing_tid: (claims) => without(claims, 'tid'),
  v1_token: (claims) => ({
    ...without(claims, 'preferred_username'),
    ver: '1.0',
    iss: `https://sts.windows.net/${String(claims['tid'])}/`,
    upn: claims['preferred_username'],
    unique_name: claims['preferred_username'],
  }),
};

export function spoiledEntraClaims(claims: Claims, faults: FaultSet<EntraFault>): Claims {
  return pairsOf(spoilers).reduce(
    (spoiled, [fault, spoil]) => (faults.has(fault) ? spoil(spoiled) : spoiled),
    claims,
  );
}
