import { Button } from '@mantine/core';
import type { CompanyRole, Member, Project, ProjectRole } from '@gatehouse/contract';
import { useState } from 'react';
import { useOneByOne } from '../../lib/use-one-by-one.ts';
import { en } from '../../messages/en.ts';
import { Choice } from '../../ui/choice.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { projectRoleOptions } from '../../ui/grants-choice.tsx';
import { Names, Outcomes, Progress } from '../../ui/outcomes.tsx';
import type { BulkWish } from './bulk-wish.ts';
import { companyRoleOptions } from './member-row.tsx';
import type { MemberChanges } from './use-member-changes.ts';

type DialogProps = {
  readonly kind: BulkWish['kind'];
  readonly members: readonly Member[];
  readonly projects: readonly Project[];
  readonly changes: MemberChanges;
  readonly onDone: (left: readonly Member[]) => void;
  readonly onClose: () => void;
};

type WishProps = {
  readonly wish: BulkWish | undefined;
  readonly projects: readonly Project[];
  readonly onWish: (wish: BulkWish) => void;
};

/** What exactly is wished: a role, or a project with a role in it. */
function WishFields({ wish, projects, onWish }: WishProps) {
  if (!wish) return <p>{en.bulk.noProjects}</p>;
  if (wish.kind === 'remove') return null;
  if (wish.kind === 'role') {
    return (
      <Choice<CompanyRole>
        label={en.bulk.newRole}
        options={companyRoleOptions}
        value={wish.role}
        onChoice={(role) => {
          onWish({ kind: 'role', role });
        }}
      />
    );
  }
  return (
    <>
      <Choice
        label={en.bulk.project}
        options={projects.map(({ slug, name }) => [slug, name] as const)}
        value={wish.project}
        onChoice={(project) => {
          onWish({ ...wish, project });
        }}
      />
      <Choice<ProjectRole>
        label={en.bulk.projectRole}
        options={projectRoleOptions}
        value={wish.role}
        onChoice={(role) => {
          onWish({ ...wish, role });
        }}
      />
      <p className="soft small">{en.bulk.projectEffect}</p>
    </>
  );
}

function firstWish(kind: BulkWish['kind'], projects: readonly Project[]): BulkWish | undefined {
  if (kind === 'role') return { kind, role: 'user' };
  if (kind === 'remove') return { kind };
  return projects[0] && { kind, project: projects[0].slug, role: 'viewer' };
}

const removeEffects = en.members.removeEffects;

/** Does one thing with each of several members: says to whom, how far it is, and what became of it. */
export function BulkDialog({ kind, members, projects, changes, onDone, onClose }: DialogProps) {
  const [wish, setWish] = useState(() => firstWish(kind, projects));
  const { state, run } = useOneByOne((member: Member) =>
    wish ? changes.carryOut(member, wish) : Promise.resolve(),
  );
  const go = async () => {
    // Oneself last of all: whoever is no administrator any more can do nothing with the others.
    const isOwn = ({ userId }: Member) => userId === changes.ownId;
    const outcomes = await run([...members.filter((one) => !isOwn(one)), ...members.filter(isOwn)]);
    onDone(outcomes.flatMap(({ item, error }) => (error === undefined ? [] : [item])));
    if (members.some(isOwn)) await changes.readOwnAnew(changes.ownId);
  };
  return (
    <Dialog
      title={en.bulk.titles[kind](members.length)}
      onClose={() => {
        if (state.step !== 'running') onClose();
      }}
    >
      {state.step === 'before' && (
        <>
          <WishFields wish={wish} projects={projects} onWish={setWish} />
          {kind === 'remove' &&
            removeEffects(en.bulk.theCompany).map((effect) => <p key={effect}>{effect}</p>)}
          <Names names={members.map(({ displayName }) => displayName)} label={en.bulk.who} />
        </>
      )}
      {state.step === 'running' && <Progress done={state.done} total={state.total} />}
      {state.step === 'after' && (
        <Outcomes outcomes={state.outcomes} nameOf={({ displayName }) => displayName} />
      )}
      {state.step !== 'running' && (
        <div className="buttons">
          {state.step === 'before' && wish && (
            <Button onClick={() => void go()}>{en.bulk.go[kind](members.length)}</Button>
          )}
          <Button variant="default" data-first onClick={onClose}>
            {state.step === 'before' ? en.list.cancel : en.list.close}
          </Button>
        </div>
      )}
    </Dialog>
  );
}
