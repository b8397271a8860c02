// Better Auth on Postgres: node peer-server.ts <port> <database url> <issuer> <cookie cache: on|off>
// <access tokens: on|off>.
// What only costs and is not asked for is off: limits, telemetry, logging.
import { createServer } from 'node:http';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { genericOAuth, jwt } from 'better-auth/plugins';
import pg from 'pg';

const [port = '', databaseUrl = '', issuer = '', cookieCache = 'off', tokens = 'off'] = process.argv.slice(2);

const options = {
  baseURL: `http://127.0.0.1:${port}`,
  secret: 'b'.repeat(32),
  // As many connections as Gatehouse's pool has.
  database: new pg.Pool({ connectionString: databaseUrl, max: 10 }),
  session: {
    cookieCache: { enabled: cookieCache === 'on', maxAge: 3600 },
    // As often as Gatehouse replaces a refresh token at most.
    ...(tokens === 'on' && { updateAge: 10 }),
  },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  logger: { disabled: true },
  plugins: [
    genericOAuth({
      config: [
        {
          providerId: 'standin',
          discoveryUrl: `${issuer}/.well-known/openid-configuration`,
          clientId: 'bench',
          clientSecret: 'bench-secret',
          scopes: ['openid', 'email', 'profile'],
        },
      ],
    }),
    ...(tokens === 'on' ? [jwt()] : []),
  ],
};

const { runMigrations } = await getMigrations(options);
await runMigrations();
const handle = toNodeHandler(betterAuth(options));
createServer((request, response) => void handle(request, response)).listen(Number(port), '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));
