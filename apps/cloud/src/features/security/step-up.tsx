import type { StepUpAnswer } from '@gatehouse/contract';
import { useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { createContext, use, useState } from 'react';
import type { ReactNode } from 'react';
import { ApiProblem, asProblem } from '../../lib/api.ts';
import { proveOnceMore, readStepUp } from '../../lib/own-credentials.ts';
import { meQuery } from '../../lib/queries.ts';
import { StepUpDialog } from './step-up-dialog.tsx';

/**
 * Does something that wants a fresh proof of who asks. Where that is missing, it is asked for in a dialog, or given by a
 * password that was typed for it anyhow; then it is done again. Throws `dismissed` where no proof was given.
 */
type Prove = <Answer>(act: () => Promise<Answer>, password?: string) => Promise<Answer>;

const ProveContext = createContext<Prove>((act) => act());

export const useProve = (): Prove => use(ProveContext);

const dismissed = 'step_up_dismissed';

/** Whether nothing was done because its reader chose so: no failure to tell of. */
export const isDismissed = (error: unknown): boolean => asProblem(error).code === dismissed;

type Asked = { readonly ways: StepUpAnswer['ways']; readonly settle: (isProven: boolean) => void };

/** Whoever turns out to be signed out is led on by what `meQuery` then finds. */
async function tell<Answer>(queries: QueryClient, act: () => Promise<Answer>): Promise<Answer> {
  try {
    return await act();
  } catch (error) {
    if (asProblem(error).code === 'unauthenticated')
      void queries.invalidateQueries({ queryKey: meQuery.queryKey });
    throw error;
  }
}

function useAsking() {
  const queries = useQueryClient();
  const [asked, setAsked] = useState<Asked>();
  const ask = async (password: string | undefined) => {
    const { ways } = await readStepUp();
    if (password !== undefined && ways.includes('password')) {
      await proveOnceMore({ password });
      return;
    }
    const isProven = await new Promise<boolean>((settle) => {
      setAsked({ ways, settle });
    }).finally(() => {
      setAsked(undefined);
    });
    if (!isProven) throw new ApiProblem(dismissed);
  };
  const prove: Prove = (act, password) =>
    tell(queries, async () => {
      try {
        return await act();
      } catch (error) {
        if (asProblem(error).code !== 'step_up_required') throw error;
        await ask(password);
        return await act();
      }
    });
  return { asked, prove };
}

/** The page whose parts may ask for a fresh proof, with the one dialog that does. */
export function StepUpFrame({
  email,
  children,
}: {
  readonly email: string | null;
  readonly children: ReactNode;
}) {
  const { asked, prove } = useAsking();
  return (
    <ProveContext value={prove}>
      {children}
      {asked && <StepUpDialog ways={asked.ways} email={email} onSettled={asked.settle} />}
    </ProveContext>
  );
}
