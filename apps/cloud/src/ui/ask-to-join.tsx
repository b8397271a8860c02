import { Button, TextInput } from '@mantine/core';
import { Slug } from '@gatehouse/contract';
import { useId, useRef, useState } from 'react';
import { useJoinRequest } from '../lib/use-join-request.ts';
import { en } from '../messages/en.ts';
import './ask-to-join.css';
import './field.css';
import { PatientFailure } from './patient-failure.tsx';

type AskProps = {
  /** Without it, its short name is asked for. */
  readonly company?: { readonly slug: string; readonly name: string } | undefined;
};

function Form({ company, asking }: AskProps & { readonly asking: ReturnType<typeof useJoinRequest> }) {
  const form = useRef<HTMLFormElement>(null);
  const [typed, setTyped] = useState('');
  const [isOdd, setIsOdd] = useState(false);
  const slug = company?.slug ?? typed.trim().toLowerCase();
  const ask = () => {
    const isSlug = Slug.safeParse(slug).success;
    setIsOdd(!isSlug);
    if (!isSlug) form.current?.querySelector('input')?.focus();
    else if (!asking.isPending) asking.mutate(slug);
  };
  const label = company ? en.join.ask(company.name) : en.join.askAny;
  return (
    <form
      ref={form}
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      <p>{en.join.lead}</p>
      {!company && (
        <TextInput
          className="field"
          label={en.join.slug}
          description={en.join.slugHint}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          value={typed}
          error={isOdd && en.join.slugOdd}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setIsOdd(false);
          }}
        />
      )}
      {asking.isError && <PatientFailure error={asking.error} />}
      <div>
        <Button type="submit" variant="default">
          {asking.isPending ? en.join.asking : label}
        </Button>
      </div>
    </form>
  );
}

/** Somebody who is in no company, or not in this one, asks its administrators to let them in. */
export function AskToJoin({ company }: AskProps) {
  const heading = useId();
  const asking = useJoinRequest();
  return (
    <section className="ask" aria-labelledby={heading}>
      <h2 id={heading}>{company ? en.join.title(company.name) : en.join.titleAny}</h2>
      <p role="status" className="note ask-outcome">
        {asking.isSuccess && (
          <>
            <strong>{en.join.asked}</strong> {en.join.askedLead(company?.name ?? asking.variables)}
          </>
        )}
      </p>
      {!asking.isSuccess && <Form company={company} asking={asking} />}
      {asking.isSuccess && !company && (
        <div>
          <Button
            variant="subtle"
            onClick={() => {
              asking.reset();
            }}
          >
            {en.join.askAnother}
          </Button>
        </div>
      )}
    </section>
  );
}
