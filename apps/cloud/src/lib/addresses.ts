/** One address of a list that somebody pasted, and whether it can be used. */
export type Judged = {
  readonly id: number;
  readonly text: string;
  readonly verdict: 'fine' | 'twice' | 'malformed';
};

const localPart = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const domain = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]*[\p{L}\p{N}\p{M}])?\.)+[\p{L}][\p{L}\p{N}\p{M}-]*$/u;

/** Whether it looks like one plain address. The server decides; this is asked to help before anything is sent. */
export function looksLikeAddress(text: string): boolean {
  const [local = '', host = '', ...more] = text.split('@');
  return more.length === 0 && text.length <= 254 && localPart.test(local) && domain.test(host);
}

/** What stands around an address where it was copied. */
const wrapping = /^(?:mailto:)?["'(<[]*|[>"'\])]*[.]?$/gi;
const bare = (word: string) => word.replaceAll(wrapping, '');

/** `Name <a@b>`, several of them, or plain words: its addresses. */
function addressesIn(entry: string): string[] {
  const bracketed = [...entry.matchAll(/<([^<>]*)>/g)].flatMap(
    ([, inside]) => bare(inside?.trim() ?? '') || [],
  );
  const rest = entry
    .replaceAll(/<[^<>]*>/g, ' ')
    .replaceAll(/"[^"]*"/g, (quoted) => (quoted.includes('@') ? quoted : ' '));
  const words = rest.split(/\s+/).map(bare).filter(Boolean);
  if (bracketed.length === 0) return words.length > 0 ? words : [bare(entry.trim())].filter(Boolean);
  // Beside an address in brackets, words are a name; that name may be the address once more.
  const named = words.filter((word) => word.includes('@') && !bracketed.includes(word));
  return [...named, ...bracketed];
}

const isSeparator = (letter: string) => letter === ',' || letter === ';' || letter === '\t';

/** The entries of one line, between commas and semicolons but for those inside quotation marks that come in pairs. */
function entriesOf(line: string): string[] {
  const hasPairs = line.split('"').length % 2 === 1;
  const entries: string[] = [];
  let [entry, isQuoted] = ['', false];
  for (const letter of line) {
    if (letter === '"' && hasPairs) isQuoted = !isQuoted;
    if (isSeparator(letter) && !isQuoted) {
      entries.push(entry);
      entry = '';
    } else entry += letter;
  }
  return [...entries, entry];
}

/** All addresses of a pasted text, in its order: separated by spaces, commas, semicolons or lines, with names or without. */
export const readAddresses = (text: string): string[] =>
  text
    .split(/[\r\n]+/)
    .flatMap(entriesOf)
    .flatMap(addressesIn);

const folded = (text: string) => text.toLowerCase();

/** Says of each whether it can be sent to. Of the same address the first is fine. */
export function judge(entries: readonly { readonly id: number; readonly text: string }[]): Judged[] {
  const seen = new Set<string>();
  return entries.map(({ id, text }) => {
    if (!looksLikeAddress(text)) return { id, text, verdict: 'malformed' };
    const isSeen = seen.has(folded(text));
    seen.add(folded(text));
    return { id, text, verdict: isSeen ? 'twice' : 'fine' };
  });
}
