/** The type of `offered` that an Accept header likes best, the first where it has no opinion (RFC 9110 §12.5.1). */
export function preferredType(accept: string | undefined, offered: readonly string[]): string | undefined {
  const ranges = (accept ?? '').split(',').map(readRange);
  const wishes = offered.map((type) => ({ type, weight: weightOf(type, ranges) }));
  const most = Math.max(...wishes.map(({ weight }) => weight));
  return wishes.find(({ weight }) => weight === most)?.type;
}

type Range = { readonly range: string; readonly weight: number };

function readRange(text: string): Range {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  const read = weight === undefined ? 1 : Number(weight);
  return { range, weight: read >= 0 && read <= 1 ? read : 0 };
}

/** The most exact range that a type falls under tells how welcome it is. */
function weightOf(type: string, ranges: readonly Range[]): number {
  for (const range of [type, `${type.split('/')[0] ?? ''}/*`, '*/*']) {
    const found = ranges.find((one) => one.range === range);
    if (found !== undefined) return found.weight;
  }
  return 0;
}
