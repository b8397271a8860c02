/** Long enough for any name, too short for a message. */
const mostCharacters = 80;

/** Controls, line ends, marks that turn or hide text, halves of characters, and places that no standard fills. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]+/gu;
/** Slashes after a scheme, however many and however written. */
const schemeEnd = /[:：]?[/\\／＼]{2,}/gu;
/** A dot with something behind it, as in a domain, in any script; the one of an initial is moved apart as well. */
const innerDot = /[.。．｡․﹒](?=\S)/gu;

/**
 * What somebody typed, for one line of a mail: no line ends, nothing invisible, not long, and nothing that a mail
 * program would take for an address and make into a link. It is text: for HTML it must still be escaped.
 */
export function plainWords(typed: string): string {
  const words = typed
    .normalize('NFC')
    .replace(unseen, ' ')
    .replace(schemeEnd, ' ')
    .replace(innerDot, '. ')
    .replaceAll(/[@＠]/gu, ' @ ')
    .replaceAll(/\s+/gu, ' ')
    .trim();
  const characters = Array.from(words); // halves of a character are never left behind
  if (characters.length <= mostCharacters) return words;
  return `${characters
    .slice(0, mostCharacters - 1)
    .join('')
    .trimEnd()}…`;
}
