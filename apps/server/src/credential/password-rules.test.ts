import { expect, test } from 'vitest';
import { parseEmailAddress } from '../kernel/email-address.ts';
import { contextOf, judgeScore, judgeShape, minLengthFor, wordsFor } from './password-rules.ts';

const address = parseEmailAddress('ada.lovelace@acme.example');
const ada = { ...(address && { address }), displayName: 'Countess Ada', hasSecondFactor: false };
const protectedAda = { ...ada, hasSecondFactor: true };

test.each([
  [7, 'too_short', 'too_short'],
  [8, 'too_short', undefined],
  [14, 'too_short', undefined],
  [15, undefined, undefined],
  [64, undefined, undefined],
  [128, undefined, undefined],
  [256, undefined, undefined],
  [257, 'too_long', 'too_long'],
  [1000, 'too_long', 'too_long'],
])('F-09 %i characters: %s alone, %s beside an authenticator app', (length, alone, besideApp) => {
  for (const character of ['k', ' ', '🚪', '\0', 'ß']) {
    const password = character.repeat(length);
    expect(judgeShape(password, ada)).toBe(alone);
    expect(judgeShape(password, protectedAda)).toBe(besideApp);
  }
});

test('F-12 no kinds of characters are asked for, and no hint or question exists', () => {
  for (const password of [
    'onlysmallletters',
    'ONLYCAPITALLETTERS',
    '5820 4471 9036 2258',
    '                ',
  ]) {
    expect(judgeShape(password, ada)).toBeUndefined();
  }
});

test.each([
  ['ada.lovelace@acme.example', 'names_you'],
  ['AdaLovelaceACME1815', 'names_you'],
  ['countess-ada-acme-2026', 'names_you'],
  ['gatehouse gatehouse', 'names_you'],
  ['gatehouse violin marsh', undefined],
  ['acme tractor seven', undefined],
])('what is little more than a name is none: %s', (password, why) => {
  expect(judgeShape(password, ada)).toBe(why);
});

test('anybody tries name, address, domain and product first', () => {
  expect(contextOf(ada)).toEqual(
    expect.arrayContaining([
      'gatehouse',
      'ada.lovelace@acme.example',
      'acme.example',
      'ada',
      'lovelace',
      'acme',
    ]),
  );
  expect(contextOf({ hasSecondFactor: false })).toEqual(['gatehouse']);
});

test.each([
  [0, 'easily_guessed'],
  [1, 'easily_guessed'],
  [2, 'easily_guessed'],
  [3, undefined],
  [4, undefined],
])('a score of %i: %s', (score, why) => {
  expect(judgeScore(score)).toBe(why);
});

test('who is refused is told how long it should be', () => {
  expect(wordsFor('too_short', ada)).toContain('15');
  expect(wordsFor('too_short', protectedAda)).toContain('8');
  expect([minLengthFor(ada), minLengthFor(protectedAda)]).toEqual([15, 8]);
});
