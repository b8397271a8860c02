import { openCheckMeter } from './check-meter.ts';
import { openDistribution } from './distribution.ts';
import { openMailMeter } from './mail-meter.ts';
import { openRequestMeter } from './request-meter.ts';
import { openSignInMeter } from './sign-in-meter.ts';

const lagBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.7, 1, 2.5, 5, 10];

export type Meters = ReturnType<typeof openMeters>;

/** Everything that is counted, in plain numbers: always there, whether anybody reads them or not. */
export function openMeters() {
  return {
    signIns: openSignInMeter(),
    checks: openCheckMeter(),
    requests: openRequestMeter(),
    mails: openMailMeter(),
    revocationLag: openDistribution(lagBounds),
  };
}
