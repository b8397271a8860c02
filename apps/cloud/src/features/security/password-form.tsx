import { Button } from '@mantine/core';
import type { OwnPassword } from '@gatehouse/contract';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { asProblem } from '../../lib/api.ts';
import { complaintAbout, refusalOf } from '../../lib/new-password.ts';
import { changePassword } from '../../lib/own-credentials.ts';
import { en } from '../../messages/en.ts';
import { PasswordField, Whose } from '../../ui/password-field.tsx';
import { Refusal } from './card.tsx';
import { useProve } from './step-up.tsx';

type FormProps = {
  readonly password: OwnPassword;
  readonly email: string | null;
  readonly onSaved: () => void;
  readonly onClose: () => void;
};

function useChange({ password: { isSet, minLength }, onSaved }: FormProps) {
  const prove = useProve();
  const [typed, setTyped] = useState({ current: '', next: '' });
  const saving = useMutation({
    mutationFn: () => {
      const body = { newPassword: typed.next, ...(isSet && { currentPassword: typed.current }) };
      return prove(() => changePassword(body), isSet ? typed.current : undefined);
    },
    onSuccess: onSaved,
  });
  const isWrong = saving.isError && asProblem(saving.error).code === 'credentials_invalid';
  return {
    typed,
    type: (change: Partial<typeof typed>) => {
      setTyped((before) => ({ ...before, ...change }));
      if (saving.isError) saving.reset();
    },
    saving,
    missing: {
      current: isSet && typed.current === '' ? en.security.currentMissing : undefined,
      next: complaintAbout(typed.next, minLength),
    },
    refused: {
      current: isWrong ? en.security.currentWrong : undefined,
      next: saving.isError ? refusalOf(saving.error) : undefined,
    },
  };
}

type Refused = { readonly current: string | undefined; readonly next: string | undefined };

/** The first field at first; later the one that wasn't taken. */
function useFields(isSet: boolean, { current: wrong, next: poor }: Refused) {
  const [current, next] = [useRef<HTMLInputElement>(null), useRef<HTMLInputElement>(null)];
  useEffect(() => {
    (isSet ? current : next).current?.focus();
  }, [isSet, current, next]);
  useEffect(() => {
    if (wrong !== undefined) current.current?.focus();
    else if (poor !== undefined) next.current?.focus();
  }, [wrong, poor, current, next]);
  return { current, next };
}

export function PasswordForm(props: FormProps) {
  const { typed, type, saving, missing, refused } = useChange(props);
  const { isSet, minLength } = props.password;
  const { current, next } = useFields(isSet, refused);
  const [isTold, setIsTold] = useState(false);
  const submit = () => {
    setIsTold(true);
    if (missing.current !== undefined) current.current?.focus();
    else if (missing.next !== undefined) next.current?.focus();
    else if (!saving.isPending) saving.mutate();
  };
  return (
    <form
      className="stack security-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Whose email={props.email} />
      {isSet && (
        <PasswordField
          ref={current}
          label={en.security.current}
          kind="current-password"
          value={typed.current}
          error={(isTold && missing.current) || refused.current}
          onValue={(value) => {
            type({ current: value });
          }}
        />
      )}
      <PasswordField
        ref={next}
        label={en.password.choose}
        hint={en.password.hint(minLength)}
        kind="new-password"
        value={typed.next}
        error={(isTold && missing.next) || refused.next}
        onValue={(value) => {
          type({ next: value });
        }}
      />
      <p className="soft small">{en.security.effect}</p>
      {refused.current === undefined && refused.next === undefined && <Refusal error={saving.error} />}
      <div className="buttons">
        <Button type="submit">{saving.isPending ? en.security.saving : en.security.save}</Button>
        <Button variant="default" onClick={props.onClose}>
          {en.security.cancel}
        </Button>
      </div>
    </form>
  );
}
