import { TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import './field.css';
import { SearchIcon } from './icons.tsx';

type SearchProps = {
  readonly label: string;
  readonly hint: string;
  /** What is being looked for now. */
  readonly value: string;
  /** Told once the typing pauses. */
  readonly onSearch: (query: string) => void;
};

const pauseMs = 300;

export function SearchField({ label, hint, value, onSearch }: SearchProps) {
  const [typed, setTyped] = useState(value);
  const [seen, setSeen] = useState(value);
  if (value !== seen) {
    setSeen(value);
    setTyped(value);
  }
  useEffect(() => {
    if (typed === seen) return;
    const waiting = setTimeout(() => {
      setSeen(typed);
      onSearch(typed);
    }, pauseMs);
    return () => {
      clearTimeout(waiting);
    };
  }, [typed, seen, onSearch]);
  return (
    <div className="field field-wide" role="search">
      <TextInput
        type="search"
        label={label}
        placeholder={hint}
        leftSection={<SearchIcon />}
        value={typed}
        maxLength={200}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
        }}
      />
    </div>
  );
}
