// The least that can be asked of a server: node fastify-server.ts <port> [what /api/v1/me answers].
// A route with an empty answer, one with an object, no log.
import fastify from 'fastify';

const [port = '', body = '{}'] = process.argv.slice(2);

const app = fastify();
app.get('/auth/verify', (_request, reply) => {
  void reply.code(200).send();
});
const me: unknown = JSON.parse(body);
app.get('/api/v1/me', (_request, reply) => {
  void reply.code(200).send(me);
});
await app.listen({ host: '127.0.0.1', port: Number(port) });
process.once('SIGTERM', () => process.exit(0));
