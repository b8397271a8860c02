import { asProblem } from '../lib/api.ts';
import { problemText } from '../lib/problem-choice.ts';
import type { Outcome } from '../lib/use-one-by-one.ts';
import { en } from '../messages/en.ts';
import './dialog.css';

export const Progress = ({ done, total }: { readonly done: number; readonly total: number }) => (
  <div className="progress">
    <p role="status">{en.outcome.progress(done, total)}</p>
    <progress value={done} max={total} aria-label={en.outcome.progress(done, total)} />
  </div>
);

/** Why one of many wasn't changed. One that is gone was there when the list was read. */
function reasonOf(error: unknown): string {
  const { code } = asProblem(error);
  const { title, next } = problemText(code);
  return code === 'not_found' ? en.outcome.gone : `${title}. ${next}`;
}

type OutcomesProps<Item> = {
  readonly outcomes: readonly Outcome<Item>[];
  /** What an outcome is about: a name, and what was asked for it. */
  readonly nameOf: (item: Item) => string;
};

/** What became of many: how many went well, and of each other one who it is and why. */
export function Outcomes<Item>({ outcomes, nameOf }: OutcomesProps<Item>) {
  const failed = outcomes.filter(({ error }) => error !== undefined);
  return (
    <div className="stack">
      <p role="status">
        <strong>{en.outcome.sum(outcomes.length - failed.length, failed.length)}</strong>
      </p>
      {failed.length > 0 && (
        <ul className="outcome-list" tabIndex={0} aria-label={en.outcome.notChanged}>
          {failed.map(({ item, error }, place) => {
            return (
              <li key={place}>
                <strong>
                  <bdi>{nameOf(item)}</bdi>
                </strong>
                <br />
                {reasonOf(error)}
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}

/** The names of those whom something is about to happen to. */
export const Names = ({ names, label }: { readonly names: readonly string[]; readonly label: string }) => (
  <ul className="names" tabIndex={0} aria-label={label}>
    {names.map((name, place) => (
      <li key={place}>
        <bdi>{name}</bdi>
      </li>
    ))}
  </ul>
);
