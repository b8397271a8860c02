import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { usePageTitle } from '../lib/hooks.ts';
import { exactSecond } from '../lib/moments.ts';
import { isOfSignIn, knownCode } from '../lib/problem-choice.ts';
import { groupReference } from '../lib/reference.ts';
import { en } from '../messages/en.ts';
import type { ProblemText } from '../messages/en.ts';
import { CopyButton } from './copy-button.tsx';
import './problem-view.css';

type ProblemViewProps = {
  readonly text: ProblemText;
  readonly code: string;
  readonly reference?: string | undefined;
  /** The buttons, the one that mends it first. */
  readonly children: ReactNode;
};

function Reference({ reference }: { readonly reference: string }) {
  const [shownAt] = useState(() => new Date());
  return (
    <dl className="reference">
      <dt>{en.problem.reference}</dt>
      <dd className="reference-line">
        <span className="reference-text mono">{groupReference(reference)}</span>
        <CopyButton text={reference} label={en.problem.copyReference} />
      </dd>
      <dt className="reference-when">{en.problem.occurred}</dt>
      <dd className="reference-when">
        <time dateTime={shownAt.toISOString()}>{exactSecond(shownAt)}</time>
      </dd>
    </dl>
  );
}

function HowToSeeMore({ code, reference }: { readonly code: string; readonly reference: string }) {
  if (!isOfSignIn(code)) return <dt>{en.problem.logged}</dt>;
  return (
    <>
      <dt>{en.problem.explain}</dt>
      <dd>
        <code className="command">npm run explain -- {reference}</code>
      </dd>
    </>
  );
}

function AdministratorDetails({
  code,
  reference,
}: {
  readonly code: string;
  readonly reference?: string | undefined;
}) {
  const shown = knownCode(code);
  if (!shown && !reference) return null;
  return (
    <details className="problem-details">
      <summary>{en.problem.details}</summary>
      <dl>
        {shown && (
          <>
            <dt>{en.problem.code}</dt>
            <dd className="mono">{shown}</dd>
          </>
        )}
        {reference && (
          <>
            <dt>{en.problem.reference}</dt>
            <dd className="mono">{reference}</dd>
            <HowToSeeMore code={code} reference={reference} />
          </>
        )}
      </dl>
    </details>
  );
}

/** A problem in the order people need it: what happened, what to do, whom to tell. */
export function ProblemView({ text, code, reference, children }: ProblemViewProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  usePageTitle(en.problem.pageTitle(text.title));
  useEffect(() => {
    heading.current?.focus();
  }, []);
  return (
    <div className="threshold-card wide problem">
      <div role="alert" className="stack">
        <h1 ref={heading} tabIndex={-1}>
          {text.title}
        </h1>
        <p>{text.happened}</p>
        <p>
          {text.next} {reference && text.report}
        </p>
      </div>
      <div className="buttons">{children}</div>
      {reference && <Reference reference={reference} />}
      <AdministratorDetails code={code} reference={reference} />
    </div>
  );
}

type WaysProps = {
  readonly text: ProblemText;
  readonly hrefOf: (to: ProblemText['ways'][number]['to']) => string;
  /** There is a main button already. */
  readonly isAfterAnother?: boolean;
};

/** The ways out that a problem's text names, as links. */
export const ProblemWays = ({ text, hrefOf, isAfterAnother = false }: WaysProps) =>
  text.ways.map(({ label, to }, place) => (
    <Button
      key={label}
      component="a"
      href={hrefOf(to)}
      variant={place === 0 && !isAfterAnother ? 'filled' : 'default'}
    >
      {label}
    </Button>
  ));
