import type { Project, ProjectGrant } from '@gatehouse/contract';
import { useId, useState } from 'react';
import { useAddresses } from '../../lib/use-addresses.ts';
import { en } from '../../messages/en.ts';
import { AddressBox } from '../../ui/address-box.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { GrantsChoice } from '../../ui/grants-choice.tsx';
import { Progress } from '../../ui/outcomes.tsx';
import { SendAddresses } from '../../ui/send-addresses.tsx';
import { InviteResults } from './invite-results.tsx';
import { useInviting } from './use-inviting.ts';

type FormProps = {
  readonly slug: string;
  /** Nothing where projects can't be given yet. */
  readonly projects: readonly Project[] | undefined;
};

/** Invites one or hundreds at once, with the same projects for all of them. */
export function InviteForm({ slug, projects }: FormProps) {
  const heading = useId();
  const addresses = useAddresses();
  const [grants, setGrants] = useState<readonly ProjectGrant[]>([]);
  const [isMissing, setIsMissing] = useState(false);
  const [stayed, setStayed] = useState(0);
  const { invite, results, error, progress } = useInviting(slug);
  const ready = addresses.ready();

  const send = async () => {
    if (progress) return;
    setIsMissing(ready.length === 0);
    if (ready.length === 0) return;
    const left = new Set(await invite(ready, grants));
    setStayed(left.size);
    const sent = new Set(ready.filter((email) => !left.has(email)).map((email) => email.toLowerCase()));
    addresses.take(addresses.typed);
    addresses.remove(({ text }) => sent.has(text.toLowerCase()));
  };
  return (
    <section className="card" aria-labelledby={heading}>
      <h2 id={heading}>{en.invite.title}</h2>
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <AddressBox addresses={addresses} />
        {projects && <GrantsChoice projects={projects} grants={grants} onGrants={setGrants} />}
        <p className="soft small">{en.invite.asMembers}</p>
        {isMissing && addresses.isEmpty && (
          <p role="alert" className="field-error">
            {en.invite.noneReady}
          </p>
        )}
        <SendAddresses words={progress ? en.invite.sending : en.invite.send(ready.length)} />
        {progress && progress.total > 1 && <Progress done={progress.done} total={progress.total} />}
        {error !== undefined && <FailureNote error={error} />}
        {error !== undefined && stayed > 0 && <p>{en.invite.stayed(stayed)}</p>}
      </form>
      {results.length > 0 && <InviteResults results={results} />}
    </section>
  );
}
