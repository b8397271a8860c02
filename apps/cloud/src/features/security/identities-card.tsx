import { Button } from '@mantine/core';
import type { OwnIdentity } from '@gatehouse/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { asProblem } from '../../lib/api.ts';
import { ownIdentitiesQuery } from '../../lib/credential-queries.ts';
import { useNow } from '../../lib/hooks.ts';
import { exactMoment, timeSince } from '../../lib/moments.ts';
import { unlinkIdentity } from '../../lib/own-credentials.ts';
import { providerWords } from '../../lib/provider-names.ts';
import { sessionsQuery } from '../../lib/queries.ts';
import { en } from '../../messages/en.ts';
import '../../ui/badge.css';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ProviderMark } from '../../ui/provider-mark.tsx';
import { Card, told } from './card.tsx';
import { LinkAnother } from './link-another.tsx';
import { useProve } from './step-up.tsx';

const nameOf = ({ connection, name }: OwnIdentity) => providerWords({ id: connection, name }).name;

type UnlinkProps = {
  readonly identity: OwnIdentity;
  readonly onUnlinked: () => void;
  readonly onClose: () => void;
};

function UnlinkDialog({ identity, onUnlinked, onClose }: UnlinkProps) {
  const prove = useProve();
  const name = nameOf(identity);
  const unlinking = useMutation({
    mutationFn: () =>
      prove(() => unlinkIdentity(identity.id)).catch((error: unknown) => {
        // Somebody was quicker: it is gone, as was asked for.
        if (asProblem(error).code !== 'not_found') throw error;
      }),
    onSuccess: onUnlinked,
  });
  return (
    <ConfirmDialog
      title={en.security.unlinkTitle(name)}
      does={en.security.reallyUnlink}
      doing={en.security.unlinking}
      keeps={en.security.keep}
      progress={told(unlinking)}
      onConfirmed={unlinking.mutate}
      onClose={onClose}
    >
      <p>{en.security.unlinkLead(name)}</p>
    </ConfirmDialog>
  );
}

function Facts({ identity: { createdAt, lastSeenAt } }: { readonly identity: OwnIdentity }) {
  const now = useNow();
  const [created, seen] = [new Date(createdAt), new Date(lastSeenAt)];
  return (
    <p className="soft small">
      <time dateTime={createdAt} title={exactMoment(created)}>
        {en.security.since(timeSince(created, now))}
      </time>
      {', '}
      <time dateTime={lastSeenAt} title={exactMoment(seen)}>
        {en.security.lastUsed(timeSince(seen, now))}
      </time>
    </p>
  );
}

function IdentityRow({ identity, onUnlink }: { identity: OwnIdentity; onUnlink: () => void }) {
  const name = nameOf(identity);
  return (
    <li className="identity">
      <span className="identity-mark">
        <ProviderMark providerId={identity.connection} />
      </span>
      <div className="stack stack-close">
        <h3 className="identity-name">
          <bdi>{name}</bdi>
          {identity.isCurrent && <span className="badge badge-role">{en.security.isCurrent}</span>}
        </h3>
        <Facts identity={identity} />
        {identity.isLastWayIn && <p className="small">{en.security.lastWayIn}</p>}
      </div>
      {!identity.isLastWayIn && (
        <Button variant="default" aria-label={en.security.unlinkOf(name)} onClick={onUnlink}>
          {en.security.unlink}
        </Button>
      )}
    </li>
  );
}

type BodyProps = { readonly identities: readonly OwnIdentity[]; readonly tell: (outcome: string) => void };

function Body({ identities, tell }: BodyProps) {
  const queries = useQueryClient();
  const [asked, setAsked] = useState<OwnIdentity>();
  const close = () => {
    setAsked(undefined);
  };
  return (
    <>
      {identities.length === 0 ? (
        <p>{en.security.waysNone}</p>
      ) : (
        <ul className="identities">
          {identities.map((identity) => (
            <IdentityRow
              key={identity.id}
              identity={identity}
              onUnlink={() => {
                tell('');
                setAsked(identity);
              }}
            />
          ))}
        </ul>
      )}
      <LinkAnother identities={identities} />
      {asked && (
        <UnlinkDialog
          identity={asked}
          onClose={close}
          onUnlinked={() => {
            close();
            tell(en.security.unlinked(nameOf(asked)));
            void queries.invalidateQueries({ queryKey: ownIdentitiesQuery.queryKey });
            void queries.invalidateQueries({ queryKey: sessionsQuery.queryKey });
          }}
        />
      )}
    </>
  );
}

/** The accounts elsewhere that lead in: one more, one less, never none. */
export function IdentitiesCard() {
  const query = useQuery(ownIdentitiesQuery);
  return (
    <Card title={en.security.ways} lead={en.security.waysLead} query={query}>
      {({ items }, tell) => <Body identities={items} tell={tell} />}
    </Card>
  );
}
