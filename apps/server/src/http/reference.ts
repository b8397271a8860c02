import type { FastifyRequest } from 'fastify';
import { newReference } from '../kernel/references.ts';

const drawn = new WeakMap<FastifyRequest, string>();

/** What `request.reference` answers, for requests that the router refused before they were decorated too. */
export function referenceOf(request: FastifyRequest): string {
  const reference = drawn.get(request) ?? newReference();
  drawn.set(request, reference);
  return reference;
}
