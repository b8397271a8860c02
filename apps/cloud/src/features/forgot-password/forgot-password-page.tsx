import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { askForReset } from '../../lib/credential-calls.ts';
import { usePageTitle } from '../../lib/hooks.ts';
import { usePageHref } from '../../lib/page-context.ts';
import { en } from '../../messages/en.ts';
import { complaintAboutEmail, EmailField, emailRefusal } from '../../ui/email-field.tsx';
import { PatientFailure } from '../../ui/patient-failure.tsx';
import { SentMail } from '../../ui/sent-mail.tsx';

type FormProps = {
  readonly email: string;
  readonly onEmail: (email: string) => void;
  readonly asking: ReturnType<typeof useAsking>;
};

const useAsking = () =>
  useMutation({
    mutationFn: async (email: string) => {
      await askForReset(email);
      return email;
    },
  });

function Form({ email, onEmail, asking }: FormProps) {
  const input = useRef<HTMLInputElement>(null);
  const [isTold, setIsTold] = useState(false);
  const complaint = complaintAboutEmail(email);
  const refusal = asking.isError ? emailRefusal(asking.error) : undefined;
  useEffect(() => {
    if (refusal !== undefined) input.current?.focus();
  }, [refusal]);
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setIsTold(true);
        if (complaint !== undefined) input.current?.focus();
        else if (!asking.isPending) asking.mutate(email.trim());
      }}
    >
      <EmailField
        ref={input}
        fills="username"
        value={email}
        error={(isTold && complaint) || refusal}
        onValue={(value) => {
          onEmail(value);
          if (asking.isError) asking.reset();
        }}
      />
      {asking.isError && refusal === undefined && <PatientFailure error={asking.error} />}
      <Button type="submit">{asking.isPending ? en.forgot.sending : en.forgot.send}</Button>
    </form>
  );
}

/** Asks for the mail that lets its reader choose a new password. The answer is the same for every address. */
export function ForgotPasswordPage() {
  const href = usePageHref();
  const [email, setEmail] = useState('');
  const asking = useAsking();
  const words = en.forgot;
  usePageTitle(words.title);
  if (asking.isSuccess) {
    return (
      <SentMail title={words.sentTitle} sentences={[words.sent(asking.data), words.sentLasts]}>
        <Button component="a" variant="default" href={href({ to: 'sign-in' })}>
          {words.toSignIn}
        </Button>
      </SentMail>
    );
  }
  return (
    <div className="threshold-card">
      <div className="stack stack-close">
        <h1>{words.title}</h1>
        <p className="soft">{words.lead}</p>
      </div>
      <Form email={email} onEmail={setEmail} asking={asking} />
      <p className="small">
        <a href={href({ to: 'sign-in' })}>{words.toSignIn}</a>
      </p>
    </div>
  );
}
