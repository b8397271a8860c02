// The least that can be asked of a server: node fastify-server.ts <port>. One route, an empty answer, no log.
import fastify from 'fastify';

const app = fastify();
app.get('/auth/verify', (_request, reply) => {
  void reply.code(200).send();
});
await app.listen({ host: '127.0.0.1', port: Number(process.argv[2]) });
process.once('SIGTERM', () => process.exit(0));
