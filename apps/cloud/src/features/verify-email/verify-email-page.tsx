import { Button } from '@mantine/core';
import type { TokenAnswer } from '@gatehouse/contract';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { asProblem } from '../../lib/api.ts';
import { verifyEmail } from '../../lib/credential-calls.ts';
import { usePageTitle } from '../../lib/hooks.ts';
import { complaintAbout, leastWithoutApp, refusalOf } from '../../lib/new-password.ts';
import { en } from '../../messages/en.ts';
import { PasswordField } from '../../ui/password-field.tsx';
import { PatientFailure } from '../../ui/patient-failure.tsx';
import { SpentLink } from '../../ui/spent-link.tsx';

type VerifyProps = {
  /** Out of the link of the mail. */
  readonly token: string | undefined;
  readonly onEntered: (tokens: TokenAnswer) => Promise<void>;
};

/** Nothing happens before the button is pressed: whatever opens links of mails unasked uses nothing up. */
function useVerifying({ token = '', onEntered }: VerifyProps) {
  const [password, setPassword] = useState<string>();
  const verifying = useMutation({
    mutationFn: async () => {
      await onEntered(await verifyEmail({ token, ...(password !== undefined && { password }) }));
    },
    onError: (error) => {
      if (asProblem(error).code === 'password_needed') setPassword((before) => before ?? '');
    },
  });
  return { password, setPassword, verifying };
}

type Verifying = ReturnType<typeof useVerifying>;

function Form({ password, setPassword, verifying }: Verifying) {
  const input = useRef<HTMLInputElement>(null);
  const [isTold, setIsTold] = useState(false);
  const isAsked = password !== undefined;
  const complaint = isAsked ? complaintAbout(password, leastWithoutApp) : undefined;
  const refusal = verifying.isError ? refusalOf(verifying.error) : undefined;
  useEffect(() => {
    if (isAsked) input.current?.focus();
  }, [isAsked, refusal]);
  const isElsewhere = verifying.isError && refusal === undefined && codeOf(verifying) !== 'password_needed';
  const submit = () => {
    setIsTold(isAsked);
    if (complaint !== undefined) input.current?.focus();
    else if (!verifying.isPending) verifying.mutate();
  };
  const isBusy = verifying.isPending || verifying.isSuccess;
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {isAsked && (
        <>
          <p role="status">{en.verify.passwordLead}</p>
          <PasswordField
            ref={input}
            label={en.password.label}
            hint={en.password.hint(leastWithoutApp)}
            kind="new-password"
            value={password}
            error={(isTold && complaint) || refusal}
            onValue={(value) => {
              setPassword(value);
              if (verifying.isError) verifying.reset();
            }}
          />
        </>
      )}
      {isElsewhere && <PatientFailure error={verifying.error} />}
      <Button type="submit">{isBusy ? en.verify.confirming : en.verify.confirm}</Button>
    </form>
  );
}

const codeOf = ({ isError, error }: Verifying['verifying']) => (isError ? asProblem(error).code : undefined);

/** Where the link of the first mail leads: one button makes the account and signs in. */
export function VerifyEmailPage(props: VerifyProps) {
  const verification = useVerifying(props);
  const isSpent = codeOf(verification.verifying) === 'token_invalid';
  usePageTitle(en.verify.title);
  if (isSpent || props.token === undefined) {
    const again = { label: en.spent.register, page: { to: 'register' } } as const;
    return <SpentLink isLost={!isSpent} again={again} />;
  }
  return (
    <div className="threshold-card">
      <div className="stack stack-close">
        <h1>{en.verify.title}</h1>
        <p className="soft">{en.verify.lead}</p>
      </div>
      <Form {...verification} />
    </div>
  );
}
