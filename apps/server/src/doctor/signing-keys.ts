import type { Check } from './check.ts';
import { openGroup } from './check.ts';

export type SealedKey = { readonly sealedUnder: 'first' | 'older' | 'unreadable' };

const group = openGroup('secrets');
const name = 'signing keys';

/** Whether the master key that is configured opens what lies in the database. */
export function signingKeyCheck(keys: readonly SealedKey[]): Check {
  const closed = keys.filter(({ sealedUnder }) => sealedUnder === 'unreadable').length;
  if (keys.length === 0) return group.ok(name, 'none yet: the next start makes the first');
  if (closed === 0) return group.ok(name, `all open with SECRETS_KEY (${keys.length})`);
  const mend = 'Put the key that sealed them back into SECRETS_KEY';
  if (closed < keys.length)
    return group.warning(name, {
      found: `${closed} of ${keys.length} do not open with SECRETS_KEY`,
      why: 'What they signed is not believed any more; whatever else that master key sealed is closed as well.',
      mend: `${mend}, or wait until they are over (npm run keys -- list).`,
    });
  return group.failed(name, {
    found: 'no signing key opens',
    why: 'No assertion is made, and /.well-known/jwks.json fails, though /readyz answers 200.',
    mend: `${mend}, or run npm run keys -- rotate --now.`,
  });
}
