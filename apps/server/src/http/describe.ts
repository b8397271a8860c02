import { Problem } from '@gatehouse/contract';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';

const refusal = { description: 'A refusal', content: { 'application/problem+json': { schema: Problem } } };

/** Whatever a route answers when it succeeds, it may refuse as every route does. */
export const describeRoute: typeof jsonSchemaTransform = ({ schema, ...route }) => {
  const answers: unknown = schema.response;
  const response = { ...(typeof answers === 'object' ? answers : {}), default: refusal };
  return jsonSchemaTransform({ ...route, schema: { ...schema, response } });
};
