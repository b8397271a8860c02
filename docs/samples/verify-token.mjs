// npm install jose
import { createRemoteJWKSet, jwtVerify } from 'jose';

const issuer = process.env.GATEHOUSE_ISSUER ?? 'https://gate.acme.example'; // API_PUBLIC_URL
const keysUrl = process.env.GATEHOUSE_KEYS ?? `${issuer}/.well-known/jwks.json`;

// Once for the whole process. Keeps the keys for five minutes, and looks again when a token names one it does not know.
const keys = createRemoteJWKSet(new URL(keysUrl), { cacheMaxAge: 5 * 60_000, cooldownDuration: 30_000 });

/** Who asks, and for which company. Throws unless Gatehouse issued this access token and it has time left. */
export async function verifyAccessToken(token) {
  const { payload } = await jwtVerify(token, keys, {
    issuer,
    audience: 'gatehouse',
    typ: 'at+jwt',
    algorithms: ['ES256'],
    requiredClaims: ['exp', 'sub', 'sid'],
    clockTolerance: 30,
  });
  const { sub: userId, sid: sessionId, org_id: companyId, org_slug: company, roles } = payload;
  return { userId, sessionId, companyId, company, roles };
}

// To try it: one token a line.
if (process.argv[1] === import.meta.filename) {
  const { createInterface } = await import('node:readline');
  for await (const token of createInterface({ input: process.stdin })) {
    const answer = await verifyAccessToken(token).catch((error) => ({ refused: error.code }));
    console.log(JSON.stringify(answer));
  }
}
