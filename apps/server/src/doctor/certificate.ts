import { dayMs } from '../kernel/clock.ts';
import type { Check, Group } from './check.ts';
import type { ProbeDeps } from './probe.ts';

const soonDays = 14;

/** Nothing for plain http on loopback. */
export async function certificateChecks(
  group: Group,
  url: URL,
  { clock, certificateEnd }: Pick<ProbeDeps, 'clock' | 'certificateEnd'>,
): Promise<readonly Check[]> {
  if (url.protocol !== 'https:') return [];
  return [certificateCheck(group, url, { endsAt: await certificateEnd(url), now: clock.now() })];
}

type Seen = { readonly endsAt: Date | undefined; readonly now: Date };

/** A certificate that has ended already is not accepted, so its end is not seen. */
export function certificateCheck(group: Group, { host }: URL, { endsAt, now }: Seen): Check {
  if (endsAt === undefined) {
    const advice = {
      why: 'When it ends could not be seen.',
      mend: `Ask from elsewhere whether https://${host} answers.`,
    };
    return group.skipped('certificate', `that of ${host} was not seen from here`, advice);
  }
  const days = Math.floor((endsAt.getTime() - now.getTime()) / dayMs);
  const found = `that of ${host} ends in ${days} days (${endsAt.toISOString().slice(0, 10)})`;
  if (days >= soonDays) return group.ok('certificate', found);
  const why = 'From that day on nobody can sign in.';
  return group.warning('certificate', { found, why, mend: `Renew it, or tell whoever runs ${host}.` });
}
