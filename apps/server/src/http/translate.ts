import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { AppError } from '../kernel/errors.ts';
import type { ErrorCode } from '../kernel/errors.ts';

const codes: { readonly [fastifyCode: string]: ErrorCode } = {
  FST_ERR_BAD_URL: 'request_invalid',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'request_invalid',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'request_invalid',
  FST_ERR_CTP_INVALID_JSON_BODY: 'request_invalid',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media_type_unsupported',
  FST_ERR_MAX_PARAM_LENGTH: 'request_invalid',
  FST_ERR_NOT_FOUND: 'not_found',
  FST_ERR_ROUTE_MISSING_CONTENT_TYPE: 'media_type_unsupported',
};

/** A name of ours, or a star: in a map the caller chooses the names. */
function fieldOf(segment: string): string {
  return /^[\w-]{1,40}$/.test(segment) ? segment : '*';
}

/** Which field broke which rule; never what was in it. */
function detailOf(thrown: unknown): string | undefined {
  if (!hasZodFastifySchemaValidationErrors(thrown)) return undefined;
  const [first] = thrown.validation;
  if (first === undefined) return undefined;
  const path = first.instancePath.split('/').filter((segment) => segment !== '');
  return `${[thrown.validationContext ?? 'request', ...path.map(fieldOf)].join('.')}: ${first.keyword}`;
}

function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : undefined;
}

/** Somebody hung up before their body was complete; fastify marks that as the caller's mistake. */
function wasCutOff(thrown: unknown): boolean {
  return codeOf(thrown) === 'ECONNRESET' && thrown instanceof Error && 'statusCode' in thrown;
}

/** What the framework refuses gets a code of ours. Whatever else is thrown is a bug: `internal_error`. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const detail = detailOf(thrown);
  if (detail !== undefined) return new AppError('request_invalid', { detail }, { cause: thrown });
  const code = codes[codeOf(thrown) ?? ''] ?? (wasCutOff(thrown) ? 'request_invalid' : 'internal_error');
  return new AppError(code, {}, { cause: thrown });
}
