import { Slug } from '@gatehouse/contract';
import { expect, test } from 'vitest';
import { suggestSlug } from './slug-suggestion.ts';

test.each([
  ['Quarterly reports', 'quarterly-reports'],
  ['  Zürich – Straße & Söhne!  ', 'zurich-strasse-sohne'],
  ['Ada’s project', 'adas-project'],
  ['2027', '2027'],
  ['A', ''],
  ['日本', ''],
  ['🚀', ''],
  ['Rocket 🚀 launch', 'rocket-launch'],
  ['A name of many words that goes on and on for long', 'a-name-of-many-words-that-goes-on-and-on'],
  ['A name of many words that goes on and further on', 'a-name-of-many-words-that-goes-on-and'],
  ['x'.repeat(200), 'x'.repeat(40)],
])('%j becomes %j', (name, slug) => {
  expect(suggestSlug(name)).toBe(slug);
  if (slug !== '') expect(Slug.safeParse(suggestSlug(name)).success).toBe(true);
});
