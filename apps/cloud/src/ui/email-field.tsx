import { TextInput } from '@mantine/core';
import type { RefObject } from 'react';
import { looksLikeAddress } from '../lib/addresses.ts';
import { asProblem } from '../lib/api.ts';
import { en } from '../messages/en.ts';
import './field.css';

/** What is wrong with an address before it is sent. */
export function complaintAboutEmail(typed: string): string | undefined {
  if (typed.trim() === '') return en.password.emailMissing;
  return looksLikeAddress(typed.trim()) ? undefined : en.password.emailOdd;
}

/** The server's word on the address itself; undefined for any other failure. */
export const emailRefusal = (error: unknown): string | undefined =>
  asProblem(error).code === 'email_invalid' ? en.password.emailOdd : undefined;

type EmailProps = {
  readonly value: string;
  readonly onValue: (value: string) => void;
  /** What browsers and password managers take it for. */
  readonly fills: 'username' | 'email';
  readonly error?: string | false | undefined;
  readonly ref?: RefObject<HTMLInputElement | null>;
};

export const EmailField = ({ value, onValue, fills, error, ref }: EmailProps) => (
  <TextInput
    {...(ref && { ref })}
    className="field"
    type="email"
    name="email"
    label={en.password.email}
    autoComplete={fills}
    autoCapitalize="none"
    spellCheck={false}
    value={value}
    error={error}
    onChange={(event) => {
      onValue(event.currentTarget.value);
    }}
  />
);
