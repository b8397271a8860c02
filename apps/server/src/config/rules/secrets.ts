import { Secret } from '../../kernel/secret.ts';
import type { Rule } from '../reading.ts';
import { listOf } from './lists.ts';
import type { NonEmpty } from './lists.ts';

/** Made by another system, so of any length. */
export const foreignSecret: Rule<Secret> = {
  expects: 'the secret as one line, without control characters',
  parse: (text) => (/\p{Cc}/u.test(text) ? { wrong: 'has control characters' } : { value: new Secret(text) }),
};

const leastSecretBytes = 32;

const ownSecret: Rule<Secret> = {
  expects: `${leastSecretBytes} bytes or more`,
  parse(text) {
    if (/\p{Cc}/u.test(text)) return { wrong: 'has control characters' };
    if (Buffer.byteLength(text) < leastSecretBytes)
      return { wrong: `is shorter than ${leastSecretBytes} bytes` };
    return { value: new Secret(text) };
  },
};

/** For rotation: the first signs, all verify. */
export const ownSecrets: Rule<NonEmpty<Secret>> = listOf(ownSecret, {
  expects: `${leastSecretBytes} bytes or more; several, separated by commas, to rotate`,
  sameAs: (secret) => secret.reveal(),
});

const keyBytes = 32;

/** Kept as standard base64 with padding, whichever alphabet it came in (RFC 4648 §4, §5). */
const wrappingKey: Rule<Secret> = {
  expects: `${keyBytes} bytes in base64`,
  parse(text) {
    const key = Buffer.from(text, 'base64');
    const isBase64 = /^[A-Za-z0-9+/_-]+={0,2}$/.test(text);
    if (!isBase64 || key.length !== keyBytes) return { wrong: `is not base64 of exactly ${keyBytes} bytes` };
    return { value: new Secret(key.toString('base64')) };
  },
};

export const wrappingKeys: Rule<NonEmpty<Secret>> = listOf(wrappingKey, {
  expects: `exactly ${keyBytes} bytes in base64; several, separated by commas, to rotate`,
  sameAs: (key) => key.reveal(),
});
