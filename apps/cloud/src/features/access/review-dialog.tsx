import { Button } from '@mantine/core';
import type { Member } from '@gatehouse/contract';
import { useQueryClient } from '@tanstack/react-query';
import { setProjectRole } from '../../lib/company-changes.ts';
import { membersKey, patchLists, withGrant } from '../../lib/company-queries.ts';
import { useOneByOne } from '../../lib/use-one-by-one.ts';
import { en } from '../../messages/en.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Outcomes, Progress } from '../../ui/outcomes.tsx';
import { roleWords } from './matrix-cell.tsx';
import { byPerson } from './matrix-changes.ts';
import type { Edit } from './matrix-changes.ts';

const words = en.access;

type ReviewProps = {
  readonly slug: string;
  readonly changes: readonly Edit[];
  readonly nameOfProject: (slug: string) => string;
  /** Told which changes are in force now. */
  readonly onSaved: (saved: readonly Edit[]) => void;
  readonly onClose: () => void;
};

function useSaving({ slug, onSaved }: Pick<ReviewProps, 'slug' | 'onSaved'>) {
  const queries = useQueryClient();
  const { state, run } = useOneByOne(async ({ userId, project, to }: Edit) => {
    const role = to === 'none' ? undefined : to;
    await setProjectRole({ slug, project, userId }, role);
    patchLists<Member>(queries, membersKey(slug), (member) =>
      member.userId === userId ? { ...member, projects: withGrant(member.projects, project, role) } : member,
    );
  });
  const save = async (changes: readonly Edit[]) => {
    const outcomes = await run(changes);
    onSaved(outcomes.flatMap(({ item, error }) => (error === undefined ? [item] : [])));
  };
  return { state, save };
}

function Steps({ changes, nameOfProject }: Pick<ReviewProps, 'changes' | 'nameOfProject'>) {
  return (
    <ul className="review" tabIndex={0} aria-label={words.bar}>
      {byPerson(changes).map((person) => (
        <li key={person.userId}>
          <strong>
            <bdi>{person.displayName}</bdi>
          </strong>
          <ul>
            {person.changes.map(({ project, from, to }) => (
              <li key={project}>
                {words.step({ project: nameOfProject(project), from: roleWords(from), to: roleWords(to) })}
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}

/** Everything that is about to be saved, person by person; then how far it is, and what became of each. */
export function ReviewDialog({ changes, nameOfProject, onClose, ...saving }: ReviewProps) {
  const { state, save } = useSaving(saving);
  return (
    <Dialog
      isWide
      title={state.step === 'after' ? words.saved : words.reviewTitle(changes.length)}
      onClose={() => {
        if (state.step !== 'running') onClose();
      }}
    >
      {state.step === 'before' && (
        <>
          <Steps changes={changes} nameOfProject={nameOfProject} />
          <p className="soft small">{words.effect}</p>
          <div className="buttons">
            <Button data-first onClick={() => void save(changes)}>
              {words.save(changes.length)}
            </Button>
            <Button variant="default" onClick={onClose}>
              {words.back}
            </Button>
          </div>
        </>
      )}
      {state.step === 'running' && <Progress done={state.done} total={state.total} />}
      {state.step === 'after' && (
        <>
          <Outcomes
            outcomes={state.outcomes}
            nameOf={({ displayName, project }) => words.of(displayName, nameOfProject(project))}
          />
          <div className="buttons">
            <Button onClick={onClose}>{en.list.close}</Button>
          </div>
        </>
      )}
    </Dialog>
  );
}
