import { Button } from '@mantine/core';
import { useId, useRef, useState } from 'react';
import type { ClipboardEvent, KeyboardEvent } from 'react';
import { looksLikeAddress } from '../lib/addresses.ts';
import type { Judged } from '../lib/addresses.ts';
import type { Addresses } from '../lib/use-addresses.ts';
import { en } from '../messages/en.ts';
import './address-box.css';
import './field.css';
import { CloseIcon } from './icons.tsx';

/** Enough to see what was pasted; whatever needs a look is shown in any case. */
const shownFine = 60;

function Mending({ entry, onMended }: { readonly entry: Judged; readonly onMended: (text: string) => void }) {
  const [text, setText] = useState(entry.text);
  return (
    <input
      className="chip-input"
      aria-label={en.invite.mend(entry.text)}
      value={text}
      autoFocus
      onChange={(event) => {
        setText(event.currentTarget.value);
      }}
      onBlur={() => {
        onMended(text);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onMended(entry.text);
        if (event.key !== 'Enter') return;
        event.preventDefault();
        onMended(text);
      }}
    />
  );
}

type ChipProps = {
  readonly entry: Judged;
  readonly onMended: (text: string) => void;
  readonly onRemoved: () => void;
};

function Chip({ entry, onMended, onRemoved }: ChipProps) {
  const [isMending, setIsMending] = useState(false);
  const { text, verdict } = entry;
  return (
    <li className="chip" data-verdict={verdict}>
      {isMending ? (
        <Mending
          entry={entry}
          onMended={(mended) => {
            setIsMending(false);
            onMended(mended);
          }}
        />
      ) : verdict === 'malformed' ? (
        <button
          type="button"
          className="chip-mend"
          title={en.invite.mendHint}
          aria-label={en.invite.mend(text)}
          onClick={() => {
            setIsMending(true);
          }}
        >
          {text}
        </button>
      ) : (
        text
      )}
      {verdict !== 'fine' && !isMending && <span className="chip-verdict">{en.invite.verdict[verdict]}</span>}
      <button
        type="button"
        className="chip-remove"
        aria-label={en.invite.removeChip(text)}
        onClick={onRemoved}
      >
        <CloseIcon />
      </button>
    </li>
  );
}

function Chips({ addresses, onRemoved }: { readonly addresses: Addresses; readonly onRemoved: () => void }) {
  const [isWhole, setIsWhole] = useState(false);
  const { judged, mend, remove } = addresses;
  const fine = judged.filter(({ verdict }) => verdict === 'fine');
  const shown = new Set(isWhole ? fine : fine.slice(0, shownFine));
  const malformed = judged.filter(({ verdict }) => verdict === 'malformed').length;
  const twice = judged.length - fine.length - malformed;
  return (
    <div className="stack">
      <ul className="chips" aria-label={en.invite.chips}>
        {judged
          .filter((entry) => entry.verdict !== 'fine' || shown.has(entry))
          .map((entry) => (
            <Chip
              key={entry.id}
              entry={entry}
              onMended={(text) => {
                mend(entry.id, text);
              }}
              onRemoved={() => {
                remove(({ id }) => id === entry.id);
                onRemoved();
              }}
            />
          ))}
      </ul>
      <div className="list-foot">
        <p role="status" className="soft small">
          {en.invite.chipSum(fine.length, { malformed, twice })}
        </p>
        {fine.length > shownFine && (
          <Button
            variant="subtle"
            className="button-small"
            onClick={() => {
              setIsWhole(!isWhole);
            }}
          >
            {isWhole ? en.invite.showFewer : en.invite.showAll(fine.length)}
          </Button>
        )}
        {malformed > 0 && (
          <Button
            variant="subtle"
            className="button-small"
            onClick={() => {
              remove(({ text }) => !looksLikeAddress(text));
              onRemoved();
            }}
          >
            {en.invite.removeMalformed(malformed)}
          </Button>
        )}
      </div>
    </div>
  );
}

/** One box for one address or for hundreds, typed or pasted in whatever form they come. */
export function AddressBox({ addresses }: { readonly addresses: Addresses }) {
  const [id, hint] = [useId(), useId()];
  const box = useRef<HTMLTextAreaElement>(null);
  const { typed, type, take } = addresses;
  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    const pasted = event.clipboardData.getData('text').trim();
    const isWhole = /[\s,;<]/.test(pasted) || (typed === '' && looksLikeAddress(pasted));
    if (!isWhole) return;
    event.preventDefault();
    take(`${typed}\n${pasted}`);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
    event.preventDefault();
    take(typed);
  };
  return (
    <div className="field">
      <label htmlFor={id}>{en.invite.addresses}</label>
      <span id={hint} className="field-hint">
        {en.invite.addressesHint}
      </span>
      <textarea
        ref={box}
        id={id}
        className="text-area"
        aria-describedby={hint}
        rows={2}
        spellCheck={false}
        autoCapitalize="none"
        autoComplete="off"
        inputMode="email"
        placeholder={en.invite.placeholder}
        value={typed}
        onChange={(event) => {
          type(event.currentTarget.value);
        }}
        onPaste={onPaste}
        onKeyDown={onKeyDown}
        onBlur={() => {
          if (typed.trim() !== '') take(typed);
        }}
      />
      {addresses.judged.length > 0 && <Chips addresses={addresses} onRemoved={() => box.current?.focus()} />}
    </div>
  );
}
