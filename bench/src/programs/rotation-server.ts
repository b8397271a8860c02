// The least that a rotation of refresh tokens can be: node rotation-server.ts <port> <database url>. One route, one
// statement, no access token, no person, no family that could have ended, no log.
import { createHash, randomBytes } from 'node:crypto';
import fastify from 'fastify';
import pg from 'pg';

const [port = '', databaseUrl = ''] = process.argv.slice(2);
// As many connections as Gatehouse's pool has.
const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
const hashOf = (token: string) => createHash('sha256').update(token).digest();

const app = fastify();
app.get('/readyz', (_request, reply) => {
  void reply.code(200).send();
});
app.post('/refresh', async (request, reply) => {
  const token = request.headers.cookie?.slice('refresh_token='.length) ?? '';
  const successor = randomBytes(32).toString('base64url');
  const { rowCount } = await pool.query(
    `with parent as (update refresh_tokens set rotated_at = now()
      where token_hash = $1 and rotated_at is null returning session_id)
    insert into refresh_tokens (token_hash, session_id, created_at) select $2, session_id, now() from parent`,
    [hashOf(token), hashOf(successor)],
  );
  if (rowCount !== 1) return await reply.code(401).send();
  return await reply.header('set-cookie', `refresh_token=${successor}; HttpOnly`).send({ rotated: true });
});
await app.listen({ host: '127.0.0.1', port: Number(port) });
process.once('SIGTERM', () => process.exit(0));
