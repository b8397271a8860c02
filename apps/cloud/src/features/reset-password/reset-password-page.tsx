import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { asProblem } from '../../lib/api.ts';
import { resetPassword } from '../../lib/credential-calls.ts';
import { usePageTitle } from '../../lib/hooks.ts';
import { complaintAbout, refusalOf } from '../../lib/new-password.ts';
import { en } from '../../messages/en.ts';
import { PasswordField } from '../../ui/password-field.tsx';
import { PatientFailure } from '../../ui/patient-failure.tsx';
import { SpentLink } from '../../ui/spent-link.tsx';

type ResetProps = {
  /** Out of the link of the mail. */
  readonly token: string | undefined;
  /** Goes on to the sign-in page: nobody is signed in by a link. */
  readonly onSet: () => void;
};

/** Whoever has an authenticator app may have a shorter one; only the server knows who that is. */
const leastOfAll = 8;

function Form({ resetting }: { readonly resetting: ReturnType<typeof useResetting> }) {
  const input = useRef<HTMLInputElement>(null);
  const [password, setPassword] = useState('');
  const [isTold, setIsTold] = useState(false);
  const complaint = complaintAbout(password, leastOfAll);
  const refusal = resetting.isError ? refusalOf(resetting.error) : undefined;
  useEffect(() => {
    if (refusal !== undefined) input.current?.focus();
  }, [refusal]);
  const isBusy = resetting.isPending || resetting.isSuccess;
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setIsTold(true);
        if (complaint !== undefined) input.current?.focus();
        else if (!isBusy) resetting.mutate(password);
      }}
    >
      <PasswordField
        ref={input}
        label={en.password.choose}
        hint={en.password.hintReset}
        kind="new-password"
        value={password}
        error={(isTold && complaint) || refusal}
        onValue={(value) => {
          setPassword(value);
          if (resetting.isError) resetting.reset();
        }}
      />
      {resetting.isError && refusal === undefined && <PatientFailure error={resetting.error} />}
      <Button type="submit">{isBusy ? en.reset.saving : en.reset.save}</Button>
    </form>
  );
}

const useResetting = ({ token = '', onSet }: ResetProps) =>
  useMutation({ mutationFn: (password: string) => resetPassword({ token, password }), onSuccess: onSet });

/** Where the link of the mail leads. It is used up by the button, not by opening the page. */
export function ResetPasswordPage(props: ResetProps) {
  const resetting = useResetting(props);
  const isSpent = resetting.isError && asProblem(resetting.error).code === 'token_invalid';
  usePageTitle(en.reset.title);
  if (isSpent || props.token === undefined) {
    const again = { label: en.spent.forgot, page: { to: 'forgot-password' } } as const;
    return <SpentLink isLost={!isSpent} again={again} />;
  }
  return (
    <div className="threshold-card">
      <div className="stack stack-close">
        <h1>{en.reset.title}</h1>
        <p className="soft">{en.reset.lead}</p>
      </div>
      <Form resetting={resetting} />
    </div>
  );
}
