import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { asProblem } from '../../lib/api.ts';
import { usePageTitle } from '../../lib/hooks.ts';
import { en } from '../../messages/en.ts';
import { CodeField, codeWords, readCode } from '../../ui/code-field.tsx';
import type { CodeKind } from '../../ui/code-field.tsx';
import { PatientFailure } from '../../ui/patient-failure.tsx';
import type { PasswordSignIn } from './use-password-sign-in.ts';

type StepProps = { readonly signIn: PasswordSignIn; readonly challenge: string };

function CodeForm({ kind, signIn, challenge }: StepProps & { readonly kind: CodeKind }) {
  const { confirming, startOver } = signIn;
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const [isOdd, setIsOdd] = useState(false);
  useEffect(() => {
    input.current?.focus();
  }, [confirming.isError]);
  const isRefused = confirming.isError && asProblem(confirming.error).code === 'mfa_code_invalid';
  const { odd, wrong } = codeWords(kind);
  const confirm = () => {
    const code = readCode(kind, typed);
    setIsOdd(code === undefined);
    if (code === undefined) input.current?.focus();
    else if (!confirming.isPending) confirming.mutate({ mfaToken: challenge, code });
  };
  const isBusy = confirming.isPending || confirming.isSuccess;
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        confirm();
      }}
    >
      <CodeField
        ref={input}
        kind={kind}
        value={typed}
        error={(isOdd && odd) || (isRefused && wrong)}
        onValue={(value) => {
          setTyped(value);
          setIsOdd(false);
          if (!confirming.isPending) confirming.reset();
        }}
      />
      {confirming.isError && !isRefused && <PatientFailure error={confirming.error} />}
      <div className="buttons">
        <Button type="submit">{isBusy ? en.code.confirming : en.code.confirm}</Button>
        <Button variant="default" onClick={startOver}>
          {en.code.back}
        </Button>
      </div>
    </form>
  );
}

/** The second step for whoever has an authenticator app. */
export function CodeStep({ signIn, challenge }: StepProps) {
  const [kind, setKind] = useState<CodeKind>('app');
  usePageTitle(en.code.title);
  return (
    <div className="threshold-card">
      <div className="stack stack-close">
        <h1>{en.code.title}</h1>
        <p className="soft">{en.code.lead}</p>
      </div>
      <CodeForm key={kind} kind={kind} signIn={signIn} challenge={challenge} />
      <div>
        <Button
          variant="subtle"
          onClick={() => {
            signIn.confirming.reset();
            setKind(kind === 'app' ? 'recovery' : 'app');
          }}
        >
          {kind === 'app' ? en.code.useRecovery : en.code.useApp}
        </Button>
      </div>
    </div>
  );
}
