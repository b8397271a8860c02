import type { FastifyRequest } from 'fastify';
import { referenceOf } from './reference.ts';

/** What a flow needs of a session to act for its person. */
export type SessionOfCaller = { readonly userId: string; readonly companyId?: string };

/** Who asks, and from where, as permissions and the trail want to know it. */
export function callerOf(request: FastifyRequest, { userId, companyId }: SessionOfCaller) {
  const who = { userId, ...(companyId !== undefined && { companyId }) };
  return { ...who, reference: referenceOf(request), origin: originOf(request) };
}

/** Where a request came from: its address as far as trusted proxies tell, and what its browser says it is. */
export function originOf(request: FastifyRequest): { address: string; userAgent?: string } {
  const userAgent = request.headers['user-agent'];
  return { address: request.ip, ...(userAgent !== undefined && { userAgent }) };
}
