import type { Check } from './check.ts';
import { openGroup } from './check.ts';
import { withinLimit } from './limits.ts';

/** Checks that belong together, and are looked at while others are. */
export type Part = { readonly group: string; look(): Promise<readonly Check[]> };

/** Every part at once; the answer is in their order. A part that breaks or hangs is a failed check of its own. */
export async function examine(parts: readonly Part[]): Promise<readonly Check[]> {
  const looked = parts.map(async ({ group, look }) => {
    try {
      return await withinLimit(look());
    } catch (error) {
      return [brokenOff(group, error)];
    }
  });
  return (await Promise.all(looked)).flat();
}

function brokenOff(group: string, error: unknown): Check {
  return openGroup(group).failed('looked at', {
    found: `broken off: ${error instanceof Error ? error.message : String(error)}`,
    why: 'What was not looked at may be wrong as well.',
    mend: 'Try again; if it comes back, the finding belongs in a bug report.',
  });
}
