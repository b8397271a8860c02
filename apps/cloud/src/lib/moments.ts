import { en } from '../messages/en.ts';

const relative = new Intl.RelativeTimeFormat('en');
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const withSeconds = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const hourAndMinute = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });

const minuteMs = 60_000;

/** In minutes. */
const units = [
  ['day', 1_440],
  ['hour', 60],
] as const;

/** A unit is named from two of it on, so that no more than a quarter of the time is rounded away. */
function inUnits(distanceMs: number, direction: 1 | -1): string {
  const minutes = Math.round(distanceMs / minuteMs);
  const [name, length] = units.find(([, one]) => minutes >= 2 * one) ?? (['minute', 1] as const);
  return relative.format(direction * Math.round(minutes / length), name);
}

/** How far away a later moment is, to the nearest unit: `in 7 days`, `in 8 hours`, `in 5 minutes`. */
export function timeUntil(then: Date, now: Date): string {
  const distanceMs = then.getTime() - now.getTime();
  return distanceMs < minuteMs ? en.session.withinTheMinute : inUnits(distanceMs, 1);
}

/** How long ago an earlier moment was, to the nearest unit: `3 days ago`, `5 minutes ago`, `just now`. */
export function timeSince(then: Date, now: Date): string {
  const distanceMs = now.getTime() - then.getTime();
  return distanceMs < minuteMs ? en.session.justNow : inUnits(distanceMs, -1);
}

export const exactMoment = (moment: Date) => exact.format(moment);
export const exactSecond = (moment: Date) => withSeconds.format(moment);
/** The hour and minute alone, for a moment that is near. */
export const exactTime = (moment: Date) => hourAndMinute.format(moment);
