const longest = 40;

/** Letters that no accent can be taken from. */
const spelled: ReadonlyMap<string, string> = new Map([
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ø', 'o'],
  ['đ', 'd'],
  ['ł', 'l'],
  ['þ', 'th'],
  ['ı', 'i'],
]);

/** A short name for a name, as the contract wants short names; empty where the name has too few letters for one. */
export function suggestSlug(name: string): string {
  const letters = name.toLowerCase().replaceAll(/[ßæœøđłþı]/g, (letter) => spelled.get(letter) ?? letter);
  const words = letters
    .normalize('NFKD')
    .replaceAll(/\p{Mark}|['’]/gu, '')
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  const slug = words.join('-');
  if (slug.length <= longest) return slug.length < 2 ? '' : slug;
  const cut = slug.slice(0, longest + 1);
  const lastWord = cut.lastIndexOf('-');
  return lastWord > 0 ? cut.slice(0, lastWord) : slug.slice(0, longest);
}
