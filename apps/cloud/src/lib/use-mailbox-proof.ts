import { EmailProof, MeAnswer } from '@gatehouse/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ask, asProblem } from './api.ts';
import { meQuery } from './queries.ts';

export type Proven = {
  readonly me: MeAnswer;
  readonly email: string;
  /** The address had a holder: this session is that account's now. */
  readonly isOtherAccount: boolean;
};

const path = '/api/v1/me/email-proofs';

/** Sends a code to a mailbox, and takes back what its reader types. */
export function useMailboxProof(onProven: (proven: Proven) => void) {
  const queries = useQueryClient();
  const onError = (error: Error) => {
    if (asProblem(error).code === 'unauthenticated')
      void queries.invalidateQueries({ queryKey: meQuery.queryKey });
  };
  const sending = useMutation({
    mutationFn: (email: string) => ask(path, { method: 'POST', body: { email } }, EmailProof),
    onError,
  });
  const confirming = useMutation({
    mutationFn: ({ proof, code }: { proof: EmailProof; code: string }) =>
      ask(`${path}/${proof.id}`, { method: 'POST', body: { code } }, MeAnswer),
    onSuccess: async (me, { proof }) => {
      const before = queries.getQueryData(meQuery.queryKey);
      queries.setQueryData(meQuery.queryKey, me);
      // Whatever else was read may look different to this account.
      await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== meQuery.queryKey[0] });
      onProven({ me, email: proof.email, isOtherAccount: before ? before.user.id !== me.user.id : false });
    },
    onError,
  });
  return { sending, confirming };
}

export type MailboxProof = ReturnType<typeof useMailboxProof>;
