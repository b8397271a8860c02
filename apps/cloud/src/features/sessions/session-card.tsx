import { Button } from '@mantine/core';
import type { OwnSession } from '@gatehouse/contract';
import { useQuery } from '@tanstack/react-query';
import { useNow } from '../../lib/hooks.ts';
import { exactMoment, timeSince, timeUntil } from '../../lib/moments.ts';
import { providerWords } from '../../lib/provider-names.ts';
import { providersQuery } from '../../lib/queries.ts';
import { en } from '../../messages/en.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import { DeviceIcon, PhoneIcon, TabletIcon, UnknownIcon } from '../../ui/icons.tsx';
import { deviceWords } from './device-words.ts';
import { useEnding } from './use-ending.ts';

const icons = { desktop: DeviceIcon, phone: PhoneIcon, tablet: TabletIcon, unknown: UnknownIcon };

/** Last uses are known to the minute, so that whoever was here two minutes ago may be here now. */
const nowMs = 2 * 60_000;

function useActivity({ isCurrent, lastSeenAt }: OwnSession): string {
  const now = useNow();
  const lastSeen = new Date(lastSeenAt);
  const isActive = isCurrent || now.getTime() - lastSeen.getTime() < nowMs;
  return isActive ? en.sessions.activeNow : en.sessions.lastActive(timeSince(lastSeen, now));
}

function useProviderName(id: string): string {
  const { data } = useQuery(providersQuery);
  return providerWords(data?.providers.find((provider) => provider.id === id) ?? { id, name: id }).name;
}

function whereFrom({ place, address }: OwnSession): string | undefined {
  if (address === undefined) return undefined;
  return place === undefined ? en.sessions.fromAddress(address) : en.sessions.from(place, address);
}

function Facts({ session }: { readonly session: OwnSession }) {
  const now = useNow();
  const provider = useProviderName(session.signedInWith);
  const from = whereFrom(session);
  const [createdAt, expiresAt] = [new Date(session.createdAt), new Date(session.expiresAt)];
  return (
    <ul className="soft small session-facts">
      <li>
        <time dateTime={session.createdAt} title={exactMoment(createdAt)}>
          {en.sessions.signedIn(timeSince(createdAt, now), provider)}
        </time>
      </li>
      {from && <li>{from}</li>}
      <li>
        <time dateTime={session.expiresAt} title={exactMoment(expiresAt)}>
          {en.sessions.ends(timeUntil(expiresAt, now))}
        </time>
      </li>
    </ul>
  );
}

type SessionProps = {
  readonly session: OwnSession;
  /** Told in words once the device is signed out. This device has no such button. */
  readonly onEnded?: (outcome: string) => void;
};

function SignOut({ session, onEnded }: Required<SessionProps>) {
  const device = deviceWords(session.device);
  const signedIn = timeSince(new Date(session.createdAt), useNow());
  const activity = useActivity(session);
  const ending = useEnding(session, () => {
    onEnded(en.sessions.signedOut(device));
  });
  const isBusy = ending.isPending || ending.isSuccess;
  return (
    <>
      <Button
        variant="default"
        aria-label={en.sessions.signOutOf(device, { signedIn, activity })}
        onClick={() => {
          if (!isBusy) ending.mutate();
        }}
      >
        {isBusy ? en.sessions.signingOut : en.sessions.signOut}
      </Button>
      {ending.isError && <FailureNote error={ending.error} />}
    </>
  );
}

export function SessionCard({ session, onEnded }: SessionProps) {
  const DeviceKindIcon = icons[session.device.kind];
  const activity = useActivity(session);
  return (
    <li className="session">
      <span className="session-icon">
        <DeviceKindIcon />
      </span>
      <div className="stack stack-close">
        <h3>{deviceWords(session.device)}</h3>
        <p className="small session-activity" data-active={activity === en.sessions.activeNow}>
          {activity}
        </p>
        <Facts session={session} />
      </div>
      {onEnded && <SignOut session={session} onEnded={onEnded} />}
    </li>
  );
}
