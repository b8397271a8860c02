import { printable } from './known-names.ts';
import type { Reading } from './reading.ts';
import { oneOf } from './rules/words.ts';
import type { VariableTable } from './variable.ts';

export const modeVariables = {
  CLOUDGRID_DEPLOYMENT_MODE: {
    default: 'local',
    rule: '`local` or `deployed`. Goes with `CLOUDGRID_AUTH_MODE`: `local` with `local`, `deployed` with `sso`, nothing else. `local` serves this machine alone and has no sign-in, so there every sign-in variable is a mistake.',
  },
  CLOUDGRID_AUTH_MODE: {
    default: 'local',
    rule: '`local` (nobody signs in; one company named Personal, its only user is admin) or `sso`.',
  },
} as const satisfies VariableTable;

export type Mode = 'local' | 'sso';

const eitherWay = 'no such variable, or CLOUDGRID_DEPLOYMENT_MODE deployed with CLOUDGRID_AUTH_MODE sso';
const otherSignInNames = ['AUTH_POLICY'];
const signInPrefixes = ['CLOUDGRID_AUTH_', 'CLOUDGRID_SESSION_', 'MS_', 'AUTH_ALLOWED_'];

/**
 * Which of the two kinds of deployment this is. After a mistake in the pair, the kind that the rest of the environment
 * points to, so that the rest is checked against it all the same.
 */
export function readMode(reading: Reading<keyof typeof modeVariables>): Mode {
  const deployment = reading.take('CLOUDGRID_DEPLOYMENT_MODE', oneOf(['local', 'deployed']));
  const signIn = reading.take('CLOUDGRID_AUTH_MODE', oneOf(['local', 'sso']));
  const offenders = reading.givenNames().filter(isSignInName);
  if (deployment === 'local' && signIn === 'local') {
    for (const name of offenders) {
      reading.mistake(
        printable(name),
        `is for signing in, which CLOUDGRID_DEPLOYMENT_MODE leaves out. Expected: ${eitherWay}.`,
      );
    }
    return 'local';
  }
  if (deployment === 'deployed' && signIn === 'sso') return 'sso';
  if (deployment !== undefined && signIn !== undefined) {
    const pairs = 'local with local, or deployed with sso';
    reading.mistake('CLOUDGRID_DEPLOYMENT_MODE', `does not go with CLOUDGRID_AUTH_MODE. Expected: ${pairs}.`);
  }
  return deployment === 'deployed' || signIn === 'sso' || offenders.length > 0 ? 'sso' : 'local';
}

function isSignInName(name: string): boolean {
  if (name === 'CLOUDGRID_AUTH_MODE') return false;
  return otherSignInNames.includes(name) || signInPrefixes.some((prefix) => name.startsWith(prefix));
}
