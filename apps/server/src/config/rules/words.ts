import type { Rule } from '../reading.ts';

export function oneOf<const Word extends string>(words: readonly Word[]): Rule<Word> {
  return {
    expects: words.length === 1 ? words.join('') : `one of ${words.join(', ')}`,
    parse(text) {
      const word = words.find((one) => one === text);
      return word === undefined ? { wrong: 'is not a word that is known here' } : { value: word };
    },
  };
}

export const yesOrNo: Rule<boolean> = {
  expects: 'true or false',
  parse: (text) =>
    text === 'true' || text === 'false' ? { value: text === 'true' } : { wrong: 'is neither yes nor no' },
};

/** A client id, a user name: something another system made up. */
export const opaqueName: Rule<string> = {
  expects: 'printable characters without white space',
  parse: (text) =>
    /^[\x21-\x7e]+$/.test(text) ? { value: text } : { wrong: 'has white space or other characters' },
};

export const anyText: Rule<string> = { expects: 'any text', parse: (text) => ({ value: text }) };

export const path: Rule<string> = {
  expects: 'a path',
  parse: (text) => (/\p{Cc}/u.test(text) ? { wrong: 'has control characters' } : { value: text }),
};
