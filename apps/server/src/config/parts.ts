type Parts<T> = { readonly [Key in keyof T]: T[Key] | undefined };

/** The whole, or undefined while a part is missing. A missing part has left its mistake behind. */
export function whole<T extends object>(parts: Parts<T>): T | undefined {
  const isWhole = Object.values(parts).every((part) => part !== undefined);
  // The one place where parts become a whole: every one of them was just seen to be there.
  return isWhole ? (parts as T) : undefined;
}

/** Only the parts that are there, for properties that may be absent but are never undefined. */
export function present<T extends object>(parts: Parts<T>): { readonly [Key in keyof T]?: T[Key] } {
  const entries = Object.entries(parts).filter(([, part]) => part !== undefined);
  // `Object.fromEntries` forgets the keys; they are those of `parts`.
  return Object.fromEntries(entries) as { [Key in keyof T]?: T[Key] };
}
