import type { MeAnswer } from '@gatehouse/contract';
import { useNow } from '../lib/hooks.ts';
import { exactMoment, timeUntil } from '../lib/moments.ts';
import { useSignedInWith } from '../lib/use-signed-in-with.ts';
import { en } from '../messages/en.ts';

type SessionProps = { readonly me: MeAnswer; readonly mode: 'local' | 'sso' };

/** How the person signed in, and until when that holds. */
export function SessionWords({ me, mode }: SessionProps) {
  const now = useNow();
  const provider = useSignedInWith(me);
  if (mode === 'local') return <span className="soft small">{en.session.local}</span>;
  const endsAt = new Date(me.session.expiresAt);
  return (
    <span className="soft small">
      {en.session.with(provider.name)}. {en.session.ends(timeUntil(endsAt, now))}{' '}
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
