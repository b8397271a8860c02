import { randomInt } from 'node:crypto';

/** Without vowels and look-alikes, so that it can be read out over a telephone and spells no word. */
const clearCharacters = '23456789BCDFGHJKMNPQRSTVWXYZ';
const length = 8;

/** A reference that leads from an error page to its trace: eight clear characters, 38 bits. Names, never grants. */
export function newReference(): string {
  return Array.from({ length }, () => clearCharacters.charAt(randomInt(clearCharacters.length))).join('');
}

const shape = new RegExp(`^[${clearCharacters}]{${length}}$`);

/** Accepts what a person types or reads out: any case, with spaces or hyphens. Undefined where it is none. */
export function parseReference(typed: string): string | undefined {
  const canonical = typed.replaceAll(/[\s-]/g, '').toUpperCase();
  return shape.test(canonical) ? canonical : undefined;
}
