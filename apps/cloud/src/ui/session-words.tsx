import type { MeAnswer } from '@gatehouse/contract';
import { useQuery } from '@tanstack/react-query';
import { useNow } from '../lib/hooks.ts';
import { exactMoment, timeUntil } from '../lib/moments.ts';
import { providerWords } from '../lib/provider-names.ts';
import { providersQuery } from '../lib/queries.ts';
import { en } from '../messages/en.ts';

type SessionProps = { readonly me: MeAnswer; readonly mode: 'local' | 'sso' };

/** How the person signed in, and until when that holds. */
export function SessionWords({ me, mode }: SessionProps) {
  const now = useNow();
  const { data } = useQuery(providersQuery);
  if (mode === 'local') return <span className="soft small">{en.session.local}</span>;
  const id = me.session.signedInWith;
  const provider = data?.providers.find((offered) => offered.id === id) ?? { id, name: id };
  const endsAt = new Date(me.session.expiresAt);
  return (
    <span className="soft small">
      {en.session.with(providerWords(provider).name)}. {en.session.ends(timeUntil(endsAt, now))}{' '}
      <time className="no-break" dateTime={me.session.expiresAt}>
        ({exactMoment(endsAt)})
      </time>
    </span>
  );
}

const soonMs = 10 * 60_000;

/** A word of warning in the last ten minutes. */
export function SessionEndsSoon({ me, mode }: SessionProps) {
  const now = useNow();
  const endsAt = new Date(me.session.expiresAt);
  if (mode === 'local' || endsAt.getTime() - now.getTime() > soonMs) return null;
  return (
    <p role="status" className="note note-brass">
      {en.session.endsSoon(timeUntil(endsAt, now))}
    </p>
  );
}
