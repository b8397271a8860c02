import { Button } from '@mantine/core';
import type { OwnPassword } from '@gatehouse/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ownIdentitiesQuery, ownPasswordQuery } from '../../lib/credential-queries.ts';
import { useNow } from '../../lib/hooks.ts';
import { exactMoment, timeSince } from '../../lib/moments.ts';
import { en } from '../../messages/en.ts';
import { Card } from './card.tsx';
import { PasswordForm } from './password-form.tsx';

function State({ password: { isSet, changedAt } }: { readonly password: OwnPassword }) {
  const now = useNow();
  const words = en.security;
  if (!isSet) return <p>{words.passwordNone}</p>;
  if (changedAt === null) return <p>{words.passwordKnown}</p>;
  const then = new Date(changedAt);
  return (
    <p>
      <time dateTime={changedAt} title={exactMoment(then)}>
        {words.passwordSet(timeSince(then, now))}
      </time>
    </p>
  );
}

type BodyProps = {
  readonly password: OwnPassword;
  readonly email: string | null;
  readonly tell: (outcome: string) => void;
};

function Body({ password, email, tell }: BodyProps) {
  const queries = useQueryClient();
  const [isOpen, setIsOpen] = useState(false);
  const close = () => {
    setIsOpen(false);
  };
  const { isSet } = password;
  if (!isOpen) {
    return (
      <>
        <State password={password} />
        <div>
          <Button
            variant="default"
            onClick={() => {
              tell('');
              setIsOpen(true);
            }}
          >
            {isSet ? en.security.change : en.security.set}
          </Button>
        </div>
      </>
    );
  }
  return (
    <PasswordForm
      password={password}
      email={email}
      onClose={close}
      onSaved={() => {
        close();
        tell(isSet ? en.security.saved : en.security.savedFirst);
        void queries.invalidateQueries({ queryKey: ownPasswordQuery.queryKey });
        // Whether one of them is the last way in depends on it.
        void queries.invalidateQueries({ queryKey: ownIdentitiesQuery.queryKey });
      }}
    />
  );
}

/** One's own password: whether there is one, and another. */
export function PasswordCard({ email }: { readonly email: string | null }) {
  const query = useQuery(ownPasswordQuery);
  return (
    <Card title={en.security.password} query={query}>
      {(password, tell) => <Body password={password} email={email} tell={tell} />}
    </Card>
  );
}
