import type { ProjectRole } from '@gatehouse/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useId, useRef, useState } from 'react';
import { inviteToProject } from '../../lib/company-changes.ts';
import { invitationsKey, projectMembersKey } from '../../lib/company-queries.ts';
import { useAddresses } from '../../lib/use-addresses.ts';
import { useOneByOne } from '../../lib/use-one-by-one.ts';
import { en } from '../../messages/en.ts';
import { SendAddresses } from '../../ui/send-addresses.tsx';
import { AddressBox } from '../../ui/address-box.tsx';
import { Choice } from '../../ui/choice.tsx';
import { projectRoleOptions } from '../../ui/grants-choice.tsx';
import { Outcomes, Progress } from '../../ui/outcomes.tsx';

const words = en.project;

type AddProps = { readonly slug: string; readonly project: string };

/** Adds one after the other, and sorts them by what that meant: somebody who is there now, or an invitation. */
function useAdding({ slug, project }: AddProps) {
  const queries = useQueryClient();
  const sorted = useRef<{ added: string[]; invited: string[] }>({ added: [], invited: [] });
  const [result, setResult] = useState<{ added: string[]; invited: string[] }>();
  const { state, run } = useOneByOne(async (wish: { email: string; role: ProjectRole }) => {
    const { outcome, member } = await inviteToProject({ slug, project }, wish);
    if (outcome === 'membership_created') sorted.current.added.push(member?.displayName ?? wish.email);
    else sorted.current.invited.push(wish.email);
  });
  const add = async (emails: readonly string[], role: ProjectRole) => {
    sorted.current = { added: [], invited: [] };
    setResult(undefined);
    const outcomes = await run(emails.map((email) => ({ email, role })));
    setResult(sorted.current);
    await Promise.all([
      queries.invalidateQueries({ queryKey: projectMembersKey(slug, project) }),
      queries.invalidateQueries({ queryKey: invitationsKey(slug) }),
    ]);
    return outcomes.flatMap(({ item, error }) => (error === undefined ? [item.email] : []));
  };
  return { add, state, result };
}

/** Brings people into the project, whether they belong to the company already or not. */
export function AddPeople({ slug, project }: AddProps) {
  const heading = useId();
  const addresses = useAddresses();
  const [role, setRole] = useState<ProjectRole>('viewer');
  const [isMissing, setIsMissing] = useState(false);
  const { add, state, result } = useAdding({ slug, project });
  const ready = addresses.ready();
  const isBusy = state.step === 'running';

  const send = async () => {
    if (isBusy) return;
    setIsMissing(ready.length === 0);
    if (ready.length === 0) return;
    const done = new Set((await add(ready, role)).map((email) => email.toLowerCase()));
    addresses.take(addresses.typed);
    addresses.remove(({ text }) => done.has(text.toLowerCase()));
  };
  return (
    <section className="card" aria-labelledby={heading}>
      <div className="stack stack-close">
        <h2 id={heading}>{words.invite}</h2>
        <p className="soft small">{words.inviteLead}</p>
      </div>
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <AddressBox addresses={addresses} />
        <div className="project-invite-role">
          <Choice label={words.role} options={projectRoleOptions} value={role} onChoice={setRole} />
        </div>
        {isMissing && addresses.isEmpty && (
          <p role="alert" className="field-error">
            {en.invite.noneReady}
          </p>
        )}
        <SendAddresses words={isBusy ? words.sending : words.send(ready.length)} />
        {isBusy && state.total > 1 && <Progress done={state.done} total={state.total} />}
      </form>
      {result && (
        <div role="status" className="stack stack-close">
          {result.added.length > 0 && <p className="note">{words.added(result.added)}</p>}
          {result.invited.length > 0 && <p className="note">{words.invited(result.invited)}</p>}
        </div>
      )}
      {state.step === 'after' && state.outcomes.some(({ error }) => error !== undefined) && (
        <Outcomes outcomes={state.outcomes} nameOf={({ email }) => email} />
      )}
    </section>
  );
}
