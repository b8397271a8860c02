import { Button } from '@mantine/core';
import type { OwnMfa } from '@gatehouse/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { asProblem } from '../../lib/api.ts';
import { ownMfaQuery, ownPasswordQuery } from '../../lib/credential-queries.ts';
import { useNow } from '../../lib/hooks.ts';
import { exactMoment, timeSince } from '../../lib/moments.ts';
import { enrolApp } from '../../lib/own-credentials.ts';
import { en } from '../../messages/en.ts';
import { RemoveAppDialog, RenewCodesDialog } from './app-dialogs.tsx';
import { Card, Refusal } from './card.tsx';
import { Enrolment } from './enrolment.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';
import { useProve } from './step-up.tsx';

type BodyProps = {
  readonly mfa: OwnMfa;
  readonly who: string;
  readonly tell: (outcome: string) => void;
};

/** What the app changes about the account: whether it is there, and how long a password must be. */
function useReadAgain() {
  const queries = useQueryClient();
  return () => {
    void queries.invalidateQueries({ queryKey: ownMfaQuery.queryKey });
    void queries.invalidateQueries({ queryKey: ownPasswordQuery.queryKey });
  };
}

function Without({
  tell,
  onCodes,
}: Pick<BodyProps, 'tell'> & { onCodes: (codes: readonly string[]) => void }) {
  const prove = useProve();
  const readAgain = useReadAgain();
  const enrolling = useMutation({
    mutationFn: () => prove(enrolApp),
    onError: (error) => {
      if (asProblem(error).code === 'mfa_enabled') readAgain();
    },
  });
  if (enrolling.isSuccess) {
    return <Enrolment enrolment={enrolling.data} onEnabled={onCodes} onClose={enrolling.reset} />;
  }
  return (
    <>
      <p>{en.security.appOff}</p>
      <Refusal error={enrolling.error} />
      <div>
        <Button
          variant="default"
          onClick={() => {
            tell('');
            if (!enrolling.isPending) enrolling.mutate();
          }}
        >
          {enrolling.isPending ? en.security.enrolling : en.security.enrol}
        </Button>
      </div>
    </>
  );
}

function State({ mfa, enabledAt }: { readonly mfa: OwnMfa; readonly enabledAt: string }) {
  const now = useNow();
  const [then, left] = [new Date(enabledAt), mfa.recoveryCodesLeft];
  return (
    <div className="stack stack-close">
      <p>
        <time dateTime={enabledAt} title={exactMoment(then)}>
          {en.security.appOn(timeSince(then, now))}
        </time>
      </p>
      <p className={left === 0 ? 'note note-brass' : 'soft'}>{en.security.codesLeft(left)}</p>
    </div>
  );
}

function Body({ mfa, who, tell }: BodyProps) {
  const readAgain = useReadAgain();
  const [codes, setCodes] = useState<readonly string[]>();
  const [asked, setAsked] = useState<'renew' | 'remove'>();
  const close = () => {
    setAsked(undefined);
  };
  const onCodes = (made: readonly string[]) => {
    close();
    setCodes(made);
    readAgain();
  };
  if (codes) {
    const onKept = () => {
      setCodes(undefined);
      tell(en.security.appIsOn);
    };
    return <RecoveryCodes codes={codes} who={who} onKept={onKept} />;
  }
  if (mfa.totp === null) return <Without tell={tell} onCodes={onCodes} />;
  const open = (which: 'renew' | 'remove') => () => {
    tell('');
    setAsked(which);
  };
  const onRemoved = () => {
    close();
    readAgain();
    tell(en.security.removed);
  };
  return (
    <>
      <State mfa={mfa} enabledAt={mfa.totp.enabledAt} />
      <div className="buttons">
        <Button variant="default" onClick={open('renew')}>
          {en.security.renew}
        </Button>
        <Button variant="default" onClick={open('remove')}>
          {en.security.remove}
        </Button>
      </div>
      {asked === 'renew' && <RenewCodesDialog onRenewed={onCodes} onClose={close} />}
      {asked === 'remove' && <RemoveAppDialog onRemoved={onRemoved} onClose={close} />}
    </>
  );
}

/** The second factor: an app that shows codes, and the codes for when it is lost. */
export function AppCard({ who }: { readonly who: string }) {
  const query = useQuery(ownMfaQuery);
  return (
    <Card title={en.security.app} lead={en.security.appLead} query={query}>
      {(mfa, tell) => <Body mfa={mfa} who={who} tell={tell} />}
    </Card>
  );
}
