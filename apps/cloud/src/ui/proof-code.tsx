import { Button, TextInput } from '@mantine/core';
import type { EmailProof } from '@gatehouse/contract';
import { useEffect, useRef, useState } from 'react';
import { asProblem } from '../lib/api.ts';
import { codeDigits } from '../lib/code-digits.ts';
import { useLater } from '../lib/hooks.ts';
import { exactTime } from '../lib/moments.ts';
import { problemText } from '../lib/problem-choice.ts';
import type { MailboxProof } from '../lib/use-mailbox-proof.ts';
import { en } from '../messages/en.ts';

const resendMs = 30_000;

/** Offered once a mail has had the time to arrive. */
function Resend({ isSending, onResend }: { readonly isSending: boolean; readonly onResend: () => void }) {
  const isLater = useLater(resendMs);
  if (!isLater) return <p className="soft small">{en.proof.resendSoon}</p>;
  return (
    <Button variant="default" onClick={onResend}>
      {isSending ? en.proof.sending : en.proof.resend}
    </Button>
  );
}

type CodeProps = {
  readonly proof: EmailProof;
  readonly mailbox: MailboxProof;
  readonly onResend: () => void;
  readonly onChangeAddress: () => void;
};

/** One field for the whole code; nothing is sent before its reader says so. */
export function ProofCode({ proof, mailbox, onResend, onChangeAddress }: CodeProps) {
  const { confirming, sending } = mailbox;
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const [isShort, setIsShort] = useState(false);
  useEffect(() => {
    input.current?.focus();
  }, [proof.id, confirming.isError]);
  const isRefused = confirming.isError && asProblem(confirming.error).code === 'code_invalid';
  const { happened, next } = problemText('code_invalid');
  const confirm = () => {
    const code = codeDigits(typed);
    setIsShort(code === undefined);
    if (code === undefined) input.current?.focus();
    else if (!confirming.isPending) confirming.mutate({ proof, code });
  };
  return (
    <form
      className="proof"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        confirm();
      }}
    >
      <TextInput
        ref={input}
        className="field proof-code"
        label={en.proof.code}
        description={en.proof.lasts(exactTime(new Date(proof.expiresAt)))}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        inputMode="numeric"
        autoComplete="one-time-code"
        value={typed}
        error={(isShort && en.proof.codeShort) || (isRefused && `${happened} ${next}`)}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setIsShort(false);
          if (!confirming.isPending) confirming.reset();
        }}
      />
      <div className="buttons">
        <Button type="submit">{confirming.isPending ? en.proof.confirming : en.proof.confirm}</Button>
        <Button variant="subtle" onClick={onChangeAddress}>
          {en.proof.change}
        </Button>
      </div>
      <div>
        <Resend key={proof.id} isSending={sending.isPending} onResend={onResend} />
      </div>
    </form>
  );
}
