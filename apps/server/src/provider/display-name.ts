const longestName = 120;

// Control characters, line and paragraph separators, and what turns the direction of the text around it.
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/gu;

/** The first of the candidates that leaves something to read once it is cleaned; '' where none does. */
export function displayNameFrom(candidates: readonly unknown[]): string {
  for (const candidate of candidates) {
    const name = typeof candidate === 'string' ? cleanName(candidate) : '';
    if (name !== '') return name;
  }
  return '';
}

function cleanName(text: string): string {
  const printable = text
    .toWellFormed()
    .replaceAll(/[\t\n\r]/g, ' ')
    .replaceAll(unprintable, '');
  return Array.from(printable.trim()).slice(0, longestName).join('').trimEnd();
}
