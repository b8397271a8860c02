/** The six digits of a code as somebody typed or pasted it, with spaces or hyphens between; undefined for anything else. */
export function codeDigits(typed: string): string | undefined {
  const digits = typed.normalize('NFKC').replaceAll(/[\s\p{Dash}]/gu, '');
  return /^\d{6}$/.test(digits) ? digits : undefined;
}
