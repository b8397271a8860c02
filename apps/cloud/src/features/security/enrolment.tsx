import { Button } from '@mantine/core';
import type { TotpEnrolment } from '@gatehouse/contract';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { asProblem } from '../../lib/api.ts';
import { confirmApp } from '../../lib/own-credentials.ts';
import { en } from '../../messages/en.ts';
import { CodeField, codeWords, readCode } from '../../ui/code-field.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Refusal } from './card.tsx';
import { QrCode } from './qr-code.tsx';
import { useProve } from './step-up.tsx';

type EnrolmentProps = {
  readonly enrolment: TotpEnrolment;
  readonly onEnabled: (recoveryCodes: readonly string[]) => void;
  readonly onClose: () => void;
};

/** In fours, for typing off. */
const inGroups = (secret: string) => secret.replaceAll(/(.{4})(?=.)/g, '$1 ');

function Key({ enrolment: { secret, uri } }: Pick<EnrolmentProps, 'enrolment'>) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
  }, []);
  return (
    <div className="enrolment">
      <div className="stack">
        <h3 ref={heading} tabIndex={-1}>
          {en.security.scan}
        </h3>
        <QrCode text={uri} label={en.security.qr} />
      </div>
      <div className="stack">
        <p>{en.security.byHand}</p>
        <p className="mono enrolment-key">{inGroups(secret)}</p>
        <CopyButton text={secret} label={en.security.copyKey} />
      </div>
    </div>
  );
}

function TypeBack({ onEnabled, onClose }: Omit<EnrolmentProps, 'enrolment'>) {
  const prove = useProve();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const [isOdd, setIsOdd] = useState(false);
  const confirming = useMutation({
    mutationFn: (code: string) => prove(() => confirmApp(code)),
    onSuccess: ({ recoveryCodes }) => {
      onEnabled(recoveryCodes);
    },
  });
  const isRefused = confirming.isError && asProblem(confirming.error).code === 'mfa_code_invalid';
  const { odd, wrong } = codeWords('app');
  useEffect(() => {
    if (isRefused) input.current?.focus();
  }, [isRefused]);
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const code = readCode('app', typed);
        setIsOdd(code === undefined);
        if (code === undefined) input.current?.focus();
        else if (!confirming.isPending) confirming.mutate(code);
      }}
    >
      <CodeField
        ref={input}
        kind="app"
        label={en.security.typeBack}
        value={typed}
        error={(isOdd && odd) || (isRefused && `${wrong} ${en.security.clock}`)}
        onValue={(value) => {
          setTyped(value);
          setIsOdd(false);
          if (!confirming.isPending) confirming.reset();
        }}
      />
      {!isRefused && <Refusal error={confirming.error} />}
      <div className="buttons">
        <Button type="submit">{confirming.isPending ? en.security.turningOn : en.security.turnOn}</Button>
        <Button variant="default" onClick={onClose}>
          {en.security.cancel}
        </Button>
      </div>
    </form>
  );
}

/** From the key to the first code: nothing counts before a code was typed back. */
export const Enrolment = ({ enrolment, ...rest }: EnrolmentProps) => (
  <div className="stack">
    <Key enrolment={enrolment} />
    <TypeBack {...rest} />
  </div>
);
