import { Problem } from '@gatehouse/contract';
import type { FastifySchema } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';

const refusal = { description: 'A refusal', content: { 'application/problem+json': { schema: Problem } } };

/** Whatever a route answers when it succeeds, it may refuse as every route does. */
export const describeRoute: typeof jsonSchemaTransform = (route) =>
  jsonSchemaTransform({ ...route, schema: { ...route.schema, response: withRefusal(route.schema) } });

/** A route without schemas has none here, whatever its type says. */
function withRefusal(schema: FastifySchema | undefined): Record<string, unknown> {
  const answers = schema?.response;
  return typeof answers === 'object' ? { ...answers, default: refusal } : { default: refusal };
}
