import { TextInput, VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import type { RefObject } from 'react';
import { en } from '../messages/en.ts';
import './field.css';
import './password-field.css';

type PasswordProps = {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  /** Tells password managers whether to fill in or to suggest. */
  readonly kind: 'current-password' | 'new-password';
  readonly error?: string | false | undefined;
  readonly ref?: RefObject<HTMLInputElement | null>;
  /** Gets the focus of the dialog it is in. */
  readonly isFirst?: boolean;
};

/** A password, taken as it is typed or pasted. Its button shows it, and says so aloud. */
export function PasswordField({ label, hint, value, onValue, kind, error, ref, isFirst }: PasswordProps) {
  const [isShown, setIsShown] = useState<boolean>();
  const words = en.password;
  return (
    <div className="field password-field">
      <TextInput
        {...(ref && { ref })}
        label={label}
        description={hint}
        inputWrapperOrder={['label', 'description', 'input', 'error']}
        type={isShown === true ? 'text' : 'password'}
        name={kind}
        autoComplete={kind}
        autoCapitalize="none"
        spellCheck={false}
        data-first={isFirst}
        value={value}
        error={error}
        onChange={(event) => {
          onValue(event.currentTarget.value);
        }}
        rightSection={
          <button
            type="button"
            className="password-show"
            aria-label={isShown === true ? words.hideLong : words.showLong}
            onClick={() => {
              setIsShown(isShown !== true);
            }}
          >
            {isShown === true ? words.hide : words.show}
          </button>
        }
      />
      <VisuallyHidden role="status">
        {isShown !== undefined && (isShown ? words.shown : words.hidden)}
      </VisuallyHidden>
    </div>
  );
}

/** Tells password managers whose password it is, where the form itself doesn't ask. */
export const Whose = ({ email }: { readonly email: string | null }) =>
  email !== null && <input hidden readOnly type="text" autoComplete="username" value={email} />;
