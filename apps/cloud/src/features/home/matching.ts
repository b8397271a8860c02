type Named = { readonly name: string; readonly slug: string };

const folded = (text: string) =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase();

/** Those whose name or short name contains every word of the query; accents and case make no difference. */
export function matching<Item extends Named>(items: readonly Item[], query: string): readonly Item[] {
  const words = folded(query).split(/\s+/).filter(Boolean);
  return items.filter(({ name, slug }) => {
    const text = folded(`${name} ${slug}`);
    return words.every((word) => text.includes(word));
  });
}
