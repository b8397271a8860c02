import { en } from '../messages/en.ts';

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const withSeconds = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** How far away a later moment is: `in 7 days`, `tomorrow`, `in 5 minutes`. A day is named only from 24 hours on. */
export function timeUntil(then: Date, now: Date): string {
  const distanceMs = then.getTime() - now.getTime();
  const unit = units.find(([, lengthMs]) => distanceMs >= lengthMs);
  if (!unit) return en.session.withinTheMinute;
  const [name, lengthMs] = unit;
  return relative.format(Math.floor(distanceMs / lengthMs), name);
}

export const exactMoment = (moment: Date) => exact.format(moment);
export const exactSecond = (moment: Date) => withSeconds.format(moment);
