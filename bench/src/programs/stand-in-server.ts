// An OpenID provider that does no more than its messages ask for: node stand-in-server.ts <port>.
// It proves nothing and refuses nobody, so that what is measured is the one that asks it.
import { createSign, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';

const port = Number(process.argv[2]);
const issuer = `http://127.0.0.1:${port}`;
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const header = encode({ alg: 'RS256', kid: 'bench', typ: 'JWT' });

const metadata = {
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  userinfo_endpoint: `${issuer}/userinfo`,
  jwks_uri: `${issuer}/keys`,
  response_types_supported: ['code'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
};
const keys = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'bench', use: 'sig', alg: 'RS256' }] };

function tokensFor(code: string): object {
  // Made by `codeFor`.
  const { person, nonce } = JSON.parse(Buffer.from(code, 'base64url').toString()) as {
    person: string;
    nonce: string | null;
  };
  const iat = Math.floor(Date.now() / 1000);
  const claims = {
    iss: issuer,
    aud: 'bench',
    sub: person,
    email: `${person}@example.com`,
    email_verified: true,
    name: person,
    iat,
    exp: iat + 3600,
    ...(nonce !== null && { nonce }),
  };
  const text = `${header}.${encode(claims)}`;
  const signature = createSign('sha256').update(text).sign(privateKey, 'base64url');
  return {
    access_token: `token-${person}`,
    token_type: 'Bearer',
    expires_in: 3600,
    scope: 'openid email profile',
    id_token: `${text}.${signature}`,
  };
}

function answer(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function answerToken(request: IncomingMessage, response: ServerResponse): void {
  let text = '';
  request.on('data', (chunk: Buffer) => (text += chunk.toString()));
  request.on('end', () => {
    answer(response, tokensFor(new URLSearchParams(text).get('code') ?? ''));
  });
}

const server = createServer({ keepAlive: true }, (request, response) => {
  if (request.url === '/token') answerToken(request, response);
  else if (request.url === '/keys') answer(response, keys);
  else answer(response, metadata);
});
server.listen(port, '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));
