import { pathOf } from '../navigation.ts';

/** The pattern of the one route behind which the application lies. No other route may be spelled like it. */
export const upstreamRoute = '/*';

export type TargetDecision = 'upstream' | 'ours' | 'ambiguous';

const ourFolders = ['/auth/', '/api/v1/', '/.well-known/', '/internal/'];
const ourPaths = new Set(['/livez', '/readyz', '/internal']);

const mostRounds = 4;

/** Decodes ASCII escapes until nothing changes: what a second decoder would see is judged too. Undefined: it goes on. */
function decodeFully(text: string): string | undefined {
  let decoded = text;
  for (let round = 0; round <= mostRounds; round += 1) {
    const next = decoded.replaceAll(/%([0-7][0-9a-f])/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    if (next === decoded) return decoded;
    decoded = next;
  }
  return undefined;
}

/** `.` and `..`, also with the parameters that some servers cut off before they look (`..;a`). */
function isDotSegment(segment: string): boolean {
  return /^\.{1,2}(?:;|$)/.test(segment);
}

/**
 * Whether a request target goes upstream. It is passed on letter by letter, so whatever two readers could take for two
 * different paths is `ambiguous`: another server's name, dot segments, a slash or backslash in disguise, control
 * characters, a fragment. Percent-encoding in the query is the application's own business.
 */
export function decideTarget(target: string): TargetDecision {
  const path = pathOf(target);
  const decoded = decodeFully(path);
  if (decoded === undefined) return 'ambiguous';
  const isPlain =
    /^\/(?!\/)/.test(decoded) &&
    !target.includes('#') &&
    !/[\\\u0000-\u001f\u007f]/.test(decoded) &&
    decoded.split('/').length === path.split('/').length &&
    !decoded.split('/').some(isDotSegment);
  if (!isPlain) return 'ambiguous';
  const isOurs = ourPaths.has(decoded) || ourFolders.some((folder) => decoded.startsWith(folder));
  return isOurs ? 'ours' : 'upstream';
}
