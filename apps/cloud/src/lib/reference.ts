const shape = /^[23456789BCDFGHJKMNPQRSTVWXYZ]{8}$/;

/** A reference is shown only if it is one: eight clear characters. Anything else in its place is dropped. */
export function readReference(text: string | null | undefined): string | undefined {
  return text && shape.test(text) ? text : undefined;
}

/** In two groups, for reading aloud. */
export const groupReference = (reference: string) => `${reference.slice(0, 4)} ${reference.slice(4)}`;
