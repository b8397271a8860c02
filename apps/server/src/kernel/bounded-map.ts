/** A map that holds so many entries at most and lets go of those that nobody asked for lately. */
export type BoundedMap<Key, Value> = {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): void;
  delete(key: Key): void;
  size(): number;
};

/**
 * Two generations: what is asked for moves into the young one; when that is half of the bound, the old one goes as a
 * whole. No list to keep in order, so a hit costs one look-up.
 */
export function openBoundedMap<Key, Value>(mostEntries: number): BoundedMap<Key, Value> {
  let young = new Map<Key, Value>();
  let old = new Map<Key, Value>();
  const put = (key: Key, value: Value) => {
    young.set(key, value);
    if (young.size * 2 < mostEntries) return;
    old = young;
    young = new Map();
  };
  return {
    get(key) {
      const found = young.get(key);
      if (found !== undefined) return found;
      const survivor = old.get(key);
      if (survivor === undefined) return undefined;
      old.delete(key);
      put(key, survivor);
      return survivor;
    },
    set(key, value) {
      old.delete(key);
      put(key, value);
    },
    delete(key) {
      young.delete(key);
      old.delete(key);
    },
    size: () => young.size + old.size,
  };
}
