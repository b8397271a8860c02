/** How values lie below a row of bounds. Plain numbers, so that noting one costs next to nothing. */
export type Distribution = {
  observe(value: number): void;
  read(): DistributionReading;
};

export type DistributionReading = {
  readonly upperBounds: readonly number[];
  /** How many values lie in each bucket alone, not below it as well; the last bucket has no bound. */
  readonly counts: readonly number[];
  readonly sum: number;
};

export function openDistribution(upperBounds: readonly number[]): Distribution {
  const counts = new Float64Array(upperBounds.length + 1);
  let sum = 0;
  return {
    observe(value) {
      let at = 0;
      while ((upperBounds[at] ?? Infinity) < value) at += 1;
      counts[at] = (counts[at] ?? 0) + 1;
      sum += value;
    },
    read: () => ({ upperBounds, counts: [...counts], sum }),
  };
}
