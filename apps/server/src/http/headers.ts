import { randomBytes } from 'node:crypto';

const twoYearsSeconds = 2 * 365 * 24 * 60 * 60;

/**
 * What every answer carries, but for an empty one to a proxy. `no-store` is the rule; hashed assets and published keys say otherwise themselves.
 * Names below ours are their operator's: `includeSubDomains` is not for us to say.
 */
export function securityHeaders(publicOrigin: URL): Headers {
  return { ...headersWithoutDocument(publicOrigin), ...documentHeaders };
}

type Headers = { readonly [name: string]: string };

/** What a browser heeds only where there is something to show, to run or to load. */
export const documentHeaders = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
} satisfies Headers;

/** For an empty answer that a proxy asked for: each header more is a microsecond of every request behind the gate. */
export function headersWithoutDocument(publicOrigin: URL): Headers {
  return {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(publicOrigin.protocol === 'https:' && {
      'strict-transport-security': `max-age=${twoYearsSeconds}`,
    }),
  };
}

/** Good for one answer. */
export function newNonce(): string {
  return randomBytes(16).toString('base64url');
}

/** Scripts run by nonce and what those load; nothing inline, nothing from elsewhere. */
export function pagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
