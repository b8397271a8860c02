import { expect, test } from 'vitest';
import { displayNameFrom } from './display-name.ts';

test.each<{ name: string; candidates: readonly unknown[]; shown: string }>([
  { name: 'the first name there is', candidates: [null, '', '  ', 'Ada', 'ada-login'], shown: 'Ada' },
  { name: 'without what is no text', candidates: [7, { name: 'x' }, ['y'], 'Ada'], shown: 'Ada' },
  {
    name: 'without control characters',
    candidates: ['Ada\u0000\u001B[31m\u007F Byron'],
    shown: 'Ada[31m Byron',
  },
  { name: 'on one line', candidates: ['Ada\r\nByron\u2028'], shown: 'Ada  Byron' },
  { name: 'without what turns the text around it', candidates: ['\u202EadA\u2066'], shown: 'adA' },
  { name: 'with letters of every script', candidates: ['渡辺 クレオ'], shown: '渡辺 クレオ' },
  { name: 'without half a character', candidates: ['Ada\uD83D'], shown: 'Ada\uFFFD' },
  { name: 'cut between characters', candidates: ['😀'.repeat(200)], shown: '😀'.repeat(120) },
  { name: 'nothing, where there is nothing', candidates: [undefined, '\u0007'], shown: '' },
])('a display name is $name', ({ candidates, shown }) => {
  expect(displayNameFrom(candidates)).toBe(shown);
});
