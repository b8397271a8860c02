import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { register } from '../../lib/credential-calls.ts';

const empty = { email: '', displayName: '', password: '' };

/** What somebody types to get an account, and the asking for it. What was typed stays until it is sent. */
export function useRegistration() {
  const [typed, setTyped] = useState(empty);
  const asking = useMutation({
    mutationFn: async () => {
      const [email, displayName] = [typed.email.trim(), typed.displayName.trim()];
      await register({ email, password: typed.password, ...(displayName !== '' && { displayName }) });
      return email;
    },
  });
  return {
    typed,
    type: (change: Partial<typeof empty>) => {
      setTyped((before) => ({ ...before, ...change }));
      if (asking.isError) asking.reset();
    },
    asking,
  };
}

export type Registration = ReturnType<typeof useRegistration>;
