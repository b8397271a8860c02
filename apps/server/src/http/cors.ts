import type { FastifyReply, FastifyRequest } from 'fastify';

/** What the SPA calls: the whole API, and of the browser surface what it draws and ends. */
const openPaths = /^(?:\/api\/v1\/|\/auth\/(?:providers|logout)(?:\?|$))/;
const preflightSeconds = 600;

const preflightHeaders = {
  'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
  'access-control-allow-headers': 'authorization, content-type, x-csrf',
  'access-control-max-age': String(preflightSeconds),
};

/**
 * Tells browsers that pages of exactly this origin may call, with credentials, and read the answers (Fetch §3.2). Answers
 * true where that was the question and the answer is complete.
 */
export function corsFor(appOrigin: string) {
  return (request: FastifyRequest, reply: FastifyReply): boolean => {
    const { headers, method, url = '' } = request.raw;
    if (!openPaths.test(url)) return false;
    reply.header('vary', 'Origin');
    if (headers.origin !== appOrigin) return false;
    reply.header('access-control-allow-origin', appOrigin);
    reply.header('access-control-allow-credentials', 'true');
    reply.header('access-control-expose-headers', 'retry-after');
    if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return false;
    reply.headers(preflightHeaders);
    return true;
  };
}
