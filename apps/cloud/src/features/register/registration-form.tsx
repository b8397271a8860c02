import { Button, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { complaintAbout, leastWithoutApp, refusalOf } from '../../lib/new-password.ts';
import { en } from '../../messages/en.ts';
import { complaintAboutEmail, EmailField, emailRefusal } from '../../ui/email-field.tsx';
import { PasswordField } from '../../ui/password-field.tsx';
import { PatientFailure } from '../../ui/patient-failure.tsx';
import type { Registration } from './use-registration.ts';

function useRefusals({ asking: { isError, error } }: Registration) {
  const [email, password] = [useRef<HTMLInputElement>(null), useRef<HTMLInputElement>(null)];
  const refused = {
    email: isError ? emailRefusal(error) : undefined,
    password: isError ? refusalOf(error) : undefined,
  };
  const field = refused.email !== undefined ? email : refused.password !== undefined ? password : undefined;
  useEffect(() => {
    field?.current?.focus();
  }, [field]);
  return { email, password, refused, isElsewhere: isError && field === undefined };
}

export function RegistrationForm({ registration }: { readonly registration: Registration }) {
  const { typed, type, asking } = registration;
  const { email, password, refused, isElsewhere } = useRefusals(registration);
  const [isTold, setIsTold] = useState(false);
  const complaints = {
    email: complaintAboutEmail(typed.email),
    password: complaintAbout(typed.password, leastWithoutApp),
  };
  const submit = () => {
    setIsTold(true);
    if (complaints.email !== undefined) email.current?.focus();
    else if (complaints.password !== undefined) password.current?.focus();
    else if (!asking.isPending) asking.mutate();
  };
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <EmailField
        ref={email}
        fills="username"
        value={typed.email}
        error={(isTold && complaints.email) || refused.email}
        onValue={(value) => {
          type({ email: value });
        }}
      />
      <TextInput
        className="field"
        label={en.register.name}
        description={en.register.nameHint}
        autoComplete="name"
        maxLength={200}
        value={typed.displayName}
        onChange={(event) => {
          type({ displayName: event.currentTarget.value });
        }}
      />
      <PasswordField
        ref={password}
        label={en.password.label}
        hint={en.password.hint(leastWithoutApp)}
        kind="new-password"
        value={typed.password}
        error={(isTold && complaints.password) || refused.password}
        onValue={(value) => {
          type({ password: value });
        }}
      />
      {isElsewhere && <PatientFailure error={asking.error} />}
      <Button type="submit">{asking.isPending ? en.register.sending : en.register.send}</Button>
    </form>
  );
}
