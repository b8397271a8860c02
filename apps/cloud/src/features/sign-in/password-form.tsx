import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { asProblem } from '../../lib/api.ts';
import { usePageHref } from '../../lib/page-context.ts';
import { en } from '../../messages/en.ts';
import { complaintAboutEmail, EmailField, emailRefusal } from '../../ui/email-field.tsx';
import { PasswordField } from '../../ui/password-field.tsx';
import { PatientFailure } from '../../ui/patient-failure.tsx';
import type { PasswordSignIn } from './use-password-sign-in.ts';

/** Why the first step is still, or once more, due. */
function Failure({ error }: { readonly error: unknown }) {
  const { code } = asProblem(error);
  if (code === 'email_invalid') return null;
  if (code !== 'credentials_invalid' && code !== 'token_invalid') return <PatientFailure error={error} />;
  return (
    <p role="alert" className="note note-brick">
      {code === 'token_invalid' ? en.code.over : en.password.wrong}
    </p>
  );
}

function OtherPages() {
  const href = usePageHref();
  return (
    <p className="small password-ways">
      <a href={href({ to: 'forgot-password' })}>{en.password.forgot}</a>
      <a href={href({ to: 'register' })}>{en.password.create}</a>
    </p>
  );
}

/** Both fields at once, so that a password manager fills in both. Nothing that was typed is cleared. */
export function PasswordForm({ signIn }: { readonly signIn: PasswordSignIn }) {
  const { typed, type, signingIn, confirming, begin } = signIn;
  const [email, password] = [useRef<HTMLInputElement>(null), useRef<HTMLInputElement>(null)];
  const [isTold, setIsTold] = useState(false);
  useEffect(() => {
    if (signingIn.isError) password.current?.focus();
  }, [signingIn.isError, password]);
  const emailComplaint = complaintAboutEmail(typed.email);
  const isEmpty = typed.password === '';
  const submit = () => {
    setIsTold(true);
    if (emailComplaint !== undefined) email.current?.focus();
    else if (isEmpty) password.current?.focus();
    else if (!signingIn.isPending) begin();
  };
  const failure = signingIn.error ?? confirming.error;
  const isBusy = signingIn.isPending || signingIn.isSuccess;
  return (
    <form
      className="stack"
      aria-label={en.password.form}
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
        error={(isTold && emailComplaint) || (signingIn.isError && emailRefusal(signingIn.error))}
        onValue={(value) => {
          type({ email: value });
        }}
      />
      <PasswordField
        ref={password}
        label={en.password.label}
        kind="current-password"
        value={typed.password}
        error={isTold && isEmpty && en.password.missing}
        onValue={(value) => {
          type({ password: value });
        }}
      />
      {failure !== null && <Failure error={failure} />}
      <Button type="submit">{isBusy ? en.password.signingIn : en.password.signIn}</Button>
      <OtherPages />
    </form>
  );
}
