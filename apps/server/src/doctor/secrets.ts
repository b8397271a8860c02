import type { Secret } from '../kernel/secret.ts';
import type { Check } from './check.ts';
import { openGroup } from './check.ts';

/** A list of secrets that rotates; empty where it is not needed. */
export type SecretList = { readonly variable: string; readonly secrets: readonly Secret[] };

const group = openGroup('secrets');
/** Thirty-two random bytes, in any way of writing them, have more than this many different characters. */
const drawnCharacters = 9;

export function secretCheck({ variable, secrets }: SecretList): Check {
  const lengths = secrets.map((secret) => secret.reveal().length);
  const count =
    secrets.length === 1 ? 'one' : `${secrets.length}, of which the first is in use and all are accepted`;
  const found = `${count}: ${lengths.map((length) => `${length} characters`).join(', ')}`;
  if (secrets.every(isDrawn)) return group.ok(variable, found);
  return group.warning(variable, {
    found: `${found}; typed rather than drawn`,
    why: 'Who guesses it can make what it protects.',
    mend: `Put a new one in front: ${variable}="$(openssl rand -base64 32),<the old one>"`,
  });
}

function isDrawn(secret: Secret): boolean {
  return new Set(secret.reveal()).size > drawnCharacters;
}
