/**
 * Letters to change, add, drop or swap with a neighbour to make one word of the other (Damerau, optimal string
 * alignment). Stops counting beyond `most` and then answers `most + 1`.
 */
export function lettersApart(left: string, right: string, most: number): number {
  if (Math.abs(left.length - right.length) > most) return most + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current = nextRow({ left, right, row, last, beforeLast });
    beforeLast = last;
    last = current;
  }
  return Math.min(last[right.length] ?? 0, most + 1);
}

type Row = {
  readonly left: string;
  readonly right: string;
  readonly row: number;
  readonly last: readonly number[];
  readonly beforeLast: readonly number[];
};

function nextRow({ left, right, row, last, beforeLast }: Row): number[] {
  const current = [row];
  for (let column = 1; column <= right.length; column += 1) {
    const same = left[row - 1] === right[column - 1];
    const replaced = at(last, column - 1) + (same ? 0 : 1);
    const isSwap = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
    const swapped = isSwap && row > 1 ? at(beforeLast, column - 2) + 1 : Infinity;
    current.push(Math.min(at(last, column) + 1, at(current, column - 1) + 1, replaced, swapped));
  }
  return current;
}

function at(numbers: readonly number[], index: number): number {
  return numbers[index] ?? Infinity;
}

/** The word of `known` that is closest to `word`, if it is at most `most` letters away. */
export function closestTo(word: string, known: readonly string[], most: number): string | undefined {
  const distances = known.map((one) => ({ one, apart: lettersApart(word, one, most) }));
  const near = distances
    .filter(({ apart }) => apart <= most)
    .toSorted((left, right) => left.apart - right.apart);
  return near[0]?.one;
}
