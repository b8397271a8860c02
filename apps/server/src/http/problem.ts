import type { Problem } from '@gatehouse/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorCatalogue } from '../kernel/errors.ts';
import type { AppError, ErrorCode } from '../kernel/errors.ts';
import type { HouseCookies } from './cookies.ts';
import type { DoorOptions } from './door.ts';
import { noteRefusal } from './log.ts';
import { isForMachines, isNavigation, pathOf } from './navigation.ts';
import { sendPlainPage } from './plain-page.ts';
import { referenceOf } from './reference.ts';
import { toAppError } from './translate.ts';

export const problemType = 'application/problem+json';

/** The URN is as stable as the code; it names no host and leads nowhere. */
export function toProblem(error: AppError, reference: string, detail = error.context.detail): Problem {
  return {
    type: `urn:gatehouse:error:${error.code}`,
    title: errorCatalogue[error.code].title,
    status: error.status,
    code: error.code,
    ...(detail === undefined ? {} : { detail }),
    reference,
  };
}

export type RenderOptions = Pick<DoorOptions, 'publicOrigin' | 'errorPage' | 'apiErrorPage'> & {
  readonly cookies: HouseCookies;
  /** The SPA has a page for addresses that lead nowhere. */
  readonly hasNotFoundPage: boolean;
};

/** The application did not answer: its address stays in the address bar, so that reloading asks it again. */
const applicationAway = new Set<ErrorCode>(['upstream_unavailable', 'upstream_timeout']);

/** Also where the error page would meet the same fate: refused by name, or drowned in the same cookies. */
const neverOnThePage = new Set<ErrorCode>(['host_unknown', 'headers_too_large', ...applicationAway]);

/** Where to try again, if a link does that: it repeats no form. */
function addressAgain(error: AppError, { method, raw }: FastifyRequest): string | undefined {
  if (error.code === 'headers_too_large') return '/';
  const isRepeatable = method === 'GET' || method === 'HEAD';
  return applicationAway.has(error.code) && isRepeatable ? raw.url : undefined;
}

function setHeaders(error: AppError, reply: FastifyReply, cookies: HouseCookies): void {
  const { retryAfterSeconds, allow } = error.context;
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(Math.ceil(retryAfterSeconds)));
  if (error.code === 'method_not_allowed') reply.header('allow', String(allow ?? ''));
  if (error.code === 'cookie_duplicate') {
    cookies.session.clear(reply);
    cookies.attempt.clear(reply);
    cookies.refresh.clear(reply);
    // A planted cookie has a domain or path that we cannot name; this takes it whatever it has.
    reply.header('clear-site-data', '"cookies"');
  }
}

function note(error: AppError, request: FastifyRequest, reference: string): void {
  const { finding } = error.context;
  noteRefusal(request, { code: error.code, reference, ...(finding === undefined ? {} : { finding }) });
  if (error.status < 500) return;
  request.log.error(
    { reference, err: error.code === 'internal_error' ? (error.cause ?? error) : error },
    'failed',
  );
}

function errorPageOf(path: string, { errorPage, apiErrorPage }: RenderOptions): string {
  return path.startsWith('/api/') ? apiErrorPage : errorPage;
}

/** The one place where a failure becomes an answer. */
export function problemRenderer(options: RenderOptions) {
  const errorPath = options.errorPage.startsWith('/') ? options.errorPage : undefined;

  function showPage(error: AppError, reference: string, reply: FastifyReply): FastifyReply {
    const { title, remedy } = errorCatalogue[error.code];
    const isHost = error.code === 'host_unknown';
    const text = isHost ? `This server is configured for ${options.publicOrigin.origin}. ${remedy}` : remedy;
    const { href, origin } = options.publicOrigin;
    const again = addressAgain(error, reply.request);
    return sendPlainPage(reply, error.status, {
      title,
      text,
      reference,
      ...(isHost && { link: { href, text: origin } }),
      ...(again !== undefined && { link: { href: again, text: 'Try again' } }),
    });
  }

  function navigate(
    error: AppError,
    reference: string,
    { path, reply }: { path: string; reply: FastifyReply },
  ) {
    const isAsset = path.startsWith('/auth/assets/');
    if (neverOnThePage.has(error.code) || isAsset || path === errorPath)
      return showPage(error, reference, reply);
    const isLost = error.code === 'not_found' && !path.startsWith('/api/');
    if (isLost && options.hasNotFoundPage) return reply.sendPage(404);
    return reply.redirect(`${errorPageOf(path, options)}?code=${error.code}&ref=${reference}`, 303);
  }

  return (thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const error = toAppError(thrown);
    const reference = error.context.reference ?? referenceOf(request);
    note(error, request, reference);
    setHeaders(error, reply, options.cookies);
    const path = pathOf(request.raw.url ?? '/');
    if (isNavigation(request.headers) && !isForMachines(path))
      return navigate(error, reference, { path, reply });
    // Bytes, so that no schema of the route takes it for its own answer and nothing is added to the type.
    const body = Buffer.from(JSON.stringify(toProblem(error, reference)));
    return reply.code(error.status).type(problemType).send(body);
  };
}
