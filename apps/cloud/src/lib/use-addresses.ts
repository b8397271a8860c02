import { useRef, useState } from 'react';
import { judge, looksLikeAddress, readAddresses } from './addresses.ts';

/** Whether what is being typed is complete: a name before its address is not. */
const isComplete = (text: string) =>
  /[,;\n]/.test(text) ||
  (/\s$/.test(text) && (text.trimEnd().endsWith('>') || looksLikeAddress(text.trim())));

/** The addresses that somebody has typed or pasted so far, each of which can still be mended. */
export function useAddresses() {
  const [entries, setEntries] = useState<readonly { readonly id: number; readonly text: string }[]>([]);
  const [typed, setTyped] = useState('');
  const nextId = useRef(0);
  const entriesOf = (text: string) =>
    readAddresses(text).map((address) => ({ id: nextId.current++, text: address }));
  const judged = judge(entries);

  /** Takes everything that `text` holds as addresses. */
  const take = (text: string) => {
    setTyped('');
    setEntries((before) => [...before, ...entriesOf(text)]);
  };
  return {
    judged,
    typed,
    /** Whether there is anything to send, or to mend. */
    isEmpty: entries.length === 0 && typed.trim() === '',
    take,
    type: (text: string) => {
      if (isComplete(text)) take(text);
      else setTyped(text);
    },
    mend: (id: number, text: string) => {
      setEntries((before) =>
        before.flatMap((entry) =>
          entry.id === id
            ? entriesOf(text).map((now, place) => (place === 0 ? { ...now, id } : now))
            : [entry],
        ),
      );
    },
    remove: (isGone: (entry: { readonly id: number; readonly text: string }) => boolean) => {
      setEntries((before) => before.filter((entry) => !isGone(entry)));
    },
    /** What would be sent now; what is still being typed is taken along. */
    ready: () =>
      judge([...entries, ...entriesOf(typed)])
        .filter(({ verdict }) => verdict === 'fine')
        .map(({ text }) => text),
  };
}

export type Addresses = ReturnType<typeof useAddresses>;
