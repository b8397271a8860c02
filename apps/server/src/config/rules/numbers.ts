import type { Rule } from '../reading.ts';

export function wholeNumber(least: number, most: number): Rule<number> {
  return {
    expects: `a whole number from ${least} to ${most}`,
    parse(text) {
      if (!/^\d{1,15}$/.test(text)) return { wrong: 'is not a whole number' };
      const number = Number(text);
      return number < least || number > most ? { wrong: 'is out of range' } : { value: number };
    },
  };
}

/** A whole number of some unit, as milliseconds. */
export function duration(least: number, most: number, unitMs: number): Rule<number> {
  const count = wholeNumber(least, most);
  return {
    expects: count.expects,
    parse(text) {
      const verdict = count.parse(text);
      return 'wrong' in verdict ? verdict : { value: verdict.value * unitMs };
    },
  };
}

/** A port to listen on. 0 takes any free one. */
export const listeningPort: Rule<number> = wholeNumber(0, 65_535);

export const remotePort: Rule<number> = wholeNumber(1, 65_535);
