import { Button } from '@mantine/core';
import type { StepUpAnswer } from '@gatehouse/contract';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { asProblem } from '../../lib/api.ts';
import { proveOnceMore } from '../../lib/own-credentials.ts';
import { usePageHref } from '../../lib/page-context.ts';
import { en } from '../../messages/en.ts';
import { CodeField, codeWords, readCode } from '../../ui/code-field.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { PasswordField, Whose } from '../../ui/password-field.tsx';
import { PatientFailure } from '../../ui/patient-failure.tsx';

type StepUpProps = {
  readonly ways: StepUpAnswer['ways'];
  readonly email: string | null;
  readonly onSettled: (isProven: boolean) => void;
};

type Typed = { readonly password: string; readonly code: string };

/** Why a field can't be sent as it is, or wasn't taken. */
function complaintsAbout(typed: Typed, refusal: string | undefined) {
  const { odd, wrong } = codeWords('app');
  return {
    password:
      typed.password === ''
        ? en.password.missing
        : refusal === 'credentials_invalid'
          ? en.stepUp.wrong
          : undefined,
    code:
      readCode('app', typed.code) === undefined ? odd : refusal === 'mfa_code_invalid' ? wrong : undefined,
  };
}

function useProof({ ways, onSettled }: StepUpProps) {
  const wants = { password: ways.includes('password'), code: ways.includes('code') };
  const [typed, setTyped] = useState<Typed>({ password: '', code: '' });
  const proving = useMutation({
    mutationFn: () => {
      const code = readCode('app', typed.code);
      return proveOnceMore({
        ...(wants.password && { password: typed.password }),
        ...(wants.code && code !== undefined && { code }),
      });
    },
    onSuccess: () => {
      onSettled(true);
    },
  });
  const refusal = proving.isError ? asProblem(proving.error).code : undefined;
  const complaints = complaintsAbout(typed, refusal);
  const type = (change: Partial<Typed>) => {
    setTyped((before) => ({ ...before, ...change }));
    if (proving.isError) proving.reset();
  };
  const isComplete =
    (!wants.password || typed.password !== '') && (!wants.code || readCode('app', typed.code) !== undefined);
  return { wants, typed, type, proving, complaints, refusal, isComplete };
}

const ownFields: ReadonlySet<string> = new Set(['credentials_invalid', 'mfa_code_invalid']);

function Form(props: StepUpProps) {
  const { wants, typed, type, proving, complaints, refusal, isComplete } = useProof(props);
  const [isTold, setIsTold] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (refusal !== undefined) form.current?.querySelector<HTMLInputElement>('[data-first]')?.focus();
  }, [refusal]);
  const isSaid = isTold || refusal !== undefined;
  return (
    <form
      ref={form}
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setIsTold(true);
        if (!isComplete) form.current?.querySelector<HTMLInputElement>('[data-first]')?.focus();
        else if (!proving.isPending) proving.mutate();
      }}
    >
      <Whose email={props.email} />
      {wants.password && (
        <PasswordField
          isFirst
          label={en.password.label}
          kind="current-password"
          value={typed.password}
          error={isSaid && complaints.password}
          onValue={(password) => {
            type({ password });
          }}
        />
      )}
      {wants.code && (
        <CodeField
          isFirst={!wants.password}
          kind="app"
          value={typed.code}
          error={isSaid && complaints.code}
          onValue={(code) => {
            type({ code });
          }}
        />
      )}
      {refusal !== undefined && !ownFields.has(refusal) && <PatientFailure error={proving.error} />}
      <div className="buttons">
        <Button type="submit">{proving.isPending ? en.stepUp.confirming : en.stepUp.confirm}</Button>
        <Cancel onSettled={props.onSettled} />
      </div>
    </form>
  );
}

const Cancel = ({ onSettled }: Pick<StepUpProps, 'onSettled'>) => (
  <Button
    variant="default"
    onClick={() => {
      onSettled(false);
    }}
  >
    {en.stepUp.cancel}
  </Button>
);

/** Asks once more for what proves its reader. Whoever has neither password nor app signs in again. */
export function StepUpDialog(props: StepUpProps) {
  const href = usePageHref();
  const { ways, onSettled } = props;
  const isHere = ways.includes('password') || ways.includes('code');
  return (
    <Dialog
      title={en.stepUp.title}
      onClose={() => {
        onSettled(false);
      }}
    >
      <p>{isHere ? en.stepUp.lead : en.stepUp.signIn}</p>
      {isHere ? (
        <Form {...props} />
      ) : (
        <div className="buttons">
          <Button component="a" href={href({ to: 'sign-in', returnTo: href({ to: 'security' }) })}>
            {en.stepUp.signInWay}
          </Button>
          <Cancel onSettled={onSettled} />
        </div>
      )}
    </Dialog>
  );
}
