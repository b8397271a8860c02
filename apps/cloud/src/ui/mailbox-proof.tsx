import { Button, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import type { EmailProof } from '@gatehouse/contract';
import { asProblem } from '../lib/api.ts';
import { useMailboxProof } from '../lib/use-mailbox-proof.ts';
import type { MailboxProof as Mailbox, Proven } from '../lib/use-mailbox-proof.ts';
import { en } from '../messages/en.ts';
import './field.css';
import './mailbox-proof.css';
import { ProofCode } from './proof-code.tsx';
import { ProofFailure } from './proof-failure.tsx';

type AddressProps = {
  readonly mailbox: Mailbox;
  readonly email: string;
  readonly isFocused: boolean;
  readonly onEmail: (email: string) => void;
  readonly onSend: () => void;
};

function Address({ mailbox: { sending }, email, isFocused, onEmail, onSend }: AddressProps) {
  const input = useRef<HTMLInputElement>(null);
  const [isMissing, setIsMissing] = useState(false);
  const isOdd = sending.isError && asProblem(sending.error).code === 'email_invalid';
  return (
    <form
      className="proof"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setIsMissing(email.trim() === '');
        if (email.trim() === '') input.current?.focus();
        else if (!sending.isPending) onSend();
      }}
    >
      <TextInput
        ref={input}
        className="field"
        type="email"
        autoComplete="email"
        autoFocus={isFocused}
        label={en.proof.address}
        value={email}
        error={(isMissing && en.proof.addressMissing) || (isOdd && en.proof.addressOdd)}
        onChange={(event) => {
          onEmail(event.currentTarget.value);
          setIsMissing(false);
          if (!sending.isPending) sending.reset();
        }}
      />
      <div className="buttons">
        <Button type="submit">{sending.isPending ? en.proof.sending : en.proof.send}</Button>
      </div>
    </form>
  );
}

type ProofProps = {
  /** Where to sign in with another account, should this one not do. */
  readonly switchHref: string;
  readonly onProven: (proven: Proven) => void;
};

const ownFields: ReadonlySet<string> = new Set(['code_invalid', 'email_invalid']);

/** Proves that a mailbox is its reader's: the address, then the code that was sent to it. */
export function MailboxProof({ switchHref, onProven }: ProofProps) {
  const mailbox = useMailboxProof(onProven);
  const { sending, confirming } = mailbox;
  const [email, setEmail] = useState('');
  const [proof, setProof] = useState<EmailProof>();
  const [told, setTold] = useState('');
  const sendCode = (words: (to: string) => string) => {
    confirming.reset();
    sending.mutate(email.trim(), {
      onSuccess: (sent) => {
        setTold(words(sent.email));
        setProof(sent);
      },
    });
  };
  const failure = sending.error ?? confirming.error;
  const isElsewhere = failure && !ownFields.has(asProblem(failure).code);
  return (
    <div className="proof">
      <p role="status" className="proof-told">
        {told}
      </p>
      {proof ? (
        <ProofCode
          proof={proof}
          mailbox={mailbox}
          onResend={() => {
            if (!sending.isPending) sendCode(en.proof.resent);
          }}
          onChangeAddress={() => {
            sending.reset();
            confirming.reset();
            setTold('');
            setProof(undefined);
          }}
        />
      ) : (
        <Address
          mailbox={mailbox}
          email={email}
          isFocused={sending.isSuccess || email !== ''}
          onEmail={setEmail}
          onSend={() => {
            sendCode(en.proof.sent);
          }}
        />
      )}
      {isElsewhere && <ProofFailure error={failure} switchHref={switchHref} />}
    </div>
  );
}
