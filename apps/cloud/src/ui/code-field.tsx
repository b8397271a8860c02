import { TextInput } from '@mantine/core';
import type { RefObject } from 'react';
import { codeDigits } from '../lib/code-digits.ts';
import { en } from '../messages/en.ts';
import './code-field.css';
import './field.css';

export type CodeKind = 'app' | 'recovery';

/** A code as it is sent, or undefined for what can't be one: an app shows six digits. */
export const readCode = (kind: CodeKind, typed: string): string | undefined =>
  kind === 'app' ? codeDigits(typed) : typed.trim() || undefined;

/** Why a code wasn't even sent, and why the server didn't take one. */
export const codeWords = (kind: CodeKind) =>
  kind === 'app'
    ? { odd: en.code.short, wrong: en.code.wrong }
    : { odd: en.code.recoveryMissing, wrong: en.code.recoveryWrong };

type CodeProps = {
  readonly kind: CodeKind;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly label?: string;
  readonly error?: string | false | undefined;
  readonly ref?: RefObject<HTMLInputElement | null>;
  /** Gets the focus of the dialog it is in. */
  readonly isFirst?: boolean;
};

/** One field for the whole code, typed or pasted. Nothing is sent before its reader says so. */
export function CodeField({ kind, value, onValue, error, ref, isFirst, ...rest }: CodeProps) {
  const isApp = kind === 'app';
  const { label = isApp ? en.code.label : en.code.recoveryLabel } = rest;
  return (
    <TextInput
      {...(ref && { ref })}
      className={isApp ? 'field code-field code-digits' : 'field code-field'}
      label={label}
      description={isApp ? en.code.hint : en.code.recoveryHint}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      inputMode={isApp ? 'numeric' : 'text'}
      autoComplete={isApp ? 'one-time-code' : 'off'}
      autoCapitalize="none"
      spellCheck={false}
      data-first={isFirst}
      value={value}
      error={error}
      onChange={(event) => {
        onValue(event.currentTarget.value);
      }}
    />
  );
}
