import { asProblem } from '../lib/api.ts';
import { problemText } from '../lib/problem-choice.ts';
import { groupReference, readReference } from '../lib/reference.ts';
import { en } from '../messages/en.ts';

/** Says, where it was asked for, that something did not happen, and why. */
export function FailureNote({ error }: { readonly error: unknown }) {
  const problem = asProblem(error);
  const text = problemText(problem.code);
  const reference = readReference(problem.reference);
  return (
    <p role="alert" className="note note-brick">
      <strong>{text.title}.</strong> {text.happened} {text.next} {reference && text.report}
      {reference && (
        <>
          <br />
          {en.problem.reference} <span className="mono no-break">{groupReference(reference)}</span>
        </>
      )}
    </p>
  );
}
