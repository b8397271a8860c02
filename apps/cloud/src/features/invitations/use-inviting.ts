import { NewInvitationsAnswer } from '@gatehouse/contract';
import type { ProjectGrant } from '@gatehouse/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { ask } from '../../lib/api.ts';
import { companyPath, invitationsKey } from '../../lib/company-queries.ts';
import { useOneByOne } from '../../lib/use-one-by-one.ts';

export type InviteResult = NewInvitationsAnswer['results'][number];

type Batch = { readonly emails: readonly string[]; readonly grants: readonly ProjectGrant[] };

const batchSize = 200;

const inBatches = (emails: readonly string[]) =>
  Array.from({ length: Math.ceil(emails.length / batchSize) }, (_, place) =>
    emails.slice(place * batchSize, (place + 1) * batchSize),
  );

/** Invites as many as are wanted, a batch at a time, and gathers what became of each address. */
export function useInviting(slug: string) {
  const queries = useQueryClient();
  const gathered = useRef<InviteResult[]>([]);
  const [results, setResults] = useState<readonly InviteResult[]>([]);
  const [error, setError] = useState<unknown>();
  const { state, run } = useOneByOne(async (batch: Batch) => {
    const path = companyPath(slug, 'invitations');
    const answer = await ask(path, { method: 'POST', body: batch }, NewInvitationsAnswer);
    gathered.current.push(...answer.results);
  });

  /** Resolves to the addresses that never got there. */
  const invite = async (emails: readonly string[], grants: readonly ProjectGrant[]) => {
    gathered.current = [];
    setError(undefined);
    setResults([]);
    const outcomes = await run(inBatches(emails).map((batch) => ({ emails: batch, grants })));
    setResults(gathered.current);
    setError(outcomes.find((outcome) => outcome.error !== undefined)?.error);
    await queries.invalidateQueries({ queryKey: invitationsKey(slug) });
    return outcomes.flatMap((outcome) => (outcome.error === undefined ? [] : outcome.item.emails));
  };
  return { invite, results, error, progress: state.step === 'running' ? state : undefined };
}
