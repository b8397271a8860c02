import { Problem } from '@gatehouse/contract';
import type { FastifySchema } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';

const refusal = { description: 'A refusal', content: { 'application/problem+json': { schema: Problem } } };

/** Whatever a route answers when it succeeds, it may refuse as every route does. */
export const describeRoute: typeof jsonSchemaTransform = (route) => {
  // Typed as always there; a route without schemas has none.
  const schema: FastifySchema | undefined = route.schema;
  const response = { ...Object(schema?.response), default: refusal };
  return jsonSchemaTransform({ ...route, schema: { ...schema, response } });
};
