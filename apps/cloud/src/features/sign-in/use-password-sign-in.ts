import type { TokenAnswer } from '@gatehouse/contract';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { asProblem } from '../../lib/api.ts';
import { answerChallenge, signInByPassword } from '../../lib/credential-calls.ts';

export type Entering = {
  /** The invitation on whose page this sign-in begins. */
  readonly invitation?: string | undefined;
  /** Told when somebody is in; settles once the page goes on. */
  readonly onEntered: (tokens: TokenAnswer) => Promise<void>;
};

function useTyped() {
  const [typed, setTyped] = useState({ email: '', password: '' });
  const type = (change: Partial<typeof typed>) => {
    setTyped((before) => ({ ...before, ...change }));
  };
  return { typed, type };
}

type Confirming = Pick<Entering, 'onEntered'> & { readonly onOver: () => void };

const useConfirming = ({ onEntered, onOver }: Confirming) =>
  useMutation({
    mutationFn: async (answer: { readonly mfaToken: string; readonly code: string }) => {
      await onEntered(await answerChallenge(answer));
    },
    onError: (error) => {
      // Too late, or too often: the first step is due again.
      if (asProblem(error).code === 'token_invalid') onOver();
    },
  });

/** A sign-in by password in its one or two steps. What was typed stays through all of them. */
export function usePasswordSignIn({ invitation, onEntered }: Entering) {
  const { typed, type } = useTyped();
  const [challenge, setChallenge] = useState<string>();
  const signingIn = useMutation({
    mutationFn: async () => {
      const wish = { ...typed, email: typed.email.trim() };
      const answer = await signInByPassword({ ...wish, ...(invitation !== undefined && { invitation }) });
      if ('mfaToken' in answer) setChallenge(answer.mfaToken);
      else await onEntered(answer);
    },
  });
  const goBack = () => {
    signingIn.reset();
    setChallenge(undefined);
  };
  const confirming = useConfirming({ onEntered, onOver: goBack });
  return {
    typed,
    type: (change: Partial<typeof typed>) => {
      type(change);
      if (signingIn.isError) signingIn.reset();
    },
    signingIn,
    begin: () => {
      confirming.reset();
      signingIn.mutate();
    },
    /** Stands for the first step while the second is due. */
    challenge,
    confirming,
    startOver: () => {
      confirming.reset();
      goBack();
    },
  };
}

export type PasswordSignIn = ReturnType<typeof usePasswordSignIn>;
