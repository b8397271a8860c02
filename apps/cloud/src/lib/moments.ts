import { en } from '../messages/en.ts';

const relative = new Intl.RelativeTimeFormat('en');
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const withSeconds = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

const minuteMs = 60_000;

/** In minutes. */
const units = [
  ['day', 1_440],
  ['hour', 60],
] as const;

/**
 * How far away a later moment is, to the nearest unit: `in 7 days`, `in 8 hours`, `in 5 minutes`. A unit is named from
 * two of it on, so that no more than a quarter of the time is rounded away.
 */
export function timeUntil(then: Date, now: Date): string {
  const distanceMs = then.getTime() - now.getTime();
  if (distanceMs < minuteMs) return en.session.withinTheMinute;
  const minutes = Math.round(distanceMs / minuteMs);
  const [name, length] = units.find(([, one]) => minutes >= 2 * one) ?? (['minute', 1] as const);
  return relative.format(Math.round(minutes / length), name);
}

export const exactMoment = (moment: Date) => exact.format(moment);
export const exactSecond = (moment: Date) => withSeconds.format(moment);
