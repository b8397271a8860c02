import { asProblem } from '../lib/api.ts';
import { waitingWords } from '../lib/waiting-words.ts';
import { FailureNote } from './failure-note.tsx';

/** Why something did not happen; after too many tries, how long to wait. */
export function PatientFailure({ error }: { readonly error: unknown }) {
  const { code, retryAfterSeconds } = asProblem(error);
  if (code !== 'rate_limited') return <FailureNote error={error} />;
  return (
    <p role="alert" className="note note-brick">
      {waitingWords(retryAfterSeconds)}
    </p>
  );
}
