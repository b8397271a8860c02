import type { FastifyRequest } from 'fastify';

/** What a flow needs of a session to act for its person. */
export type SessionOfCaller = { readonly userId: string; readonly companyId?: string };

/** Who asks, and from where, as permissions and the trail want to know it. */
export function callerOf(request: FastifyRequest, { userId, companyId }: SessionOfCaller) {
  const userAgent = request.headers['user-agent'];
  return {
    userId,
    ...(companyId !== undefined && { companyId }),
    origin: { address: request.ip, ...(userAgent !== undefined && { userAgent }) },
  };
}
