import fastifySwagger from '@fastify/swagger';
import { Problem } from '@gatehouse/contract';
import type { FastifySchema } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import type { Door } from './door.ts';

const refusal = { description: 'A refusal', content: { 'application/problem+json': { schema: Problem } } };

/** From here on `app.swagger()` tells of every route that is added. */
export async function describeRoutes(app: Door): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: { openapi: '3.1.0', info: { title: 'Gatehouse', version: '1' } },
    transform: describeRoute,
  });
}

/** Whatever a route answers when it succeeds, it may refuse as every route does. */
const describeRoute: typeof jsonSchemaTransform = (route) =>
  jsonSchemaTransform({ ...route, schema: { ...route.schema, response: withRefusal(route.schema) } });

/** A route without schemas has none here, whatever its type says. */
function withRefusal(schema: FastifySchema | undefined): Record<string, unknown> {
  const answers = schema?.response;
  return typeof answers === 'object' ? { ...answers, default: refusal } : { default: refusal };
}
