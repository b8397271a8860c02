import type { Check } from './check.ts';
import { openGroup } from './check.ts';

const group = openGroup('surroundings');

export type Around = {
  readonly upstreamUrl?: URL;
  /** Connects to the mail server as for a mail, and sends none. Rejects where that fails. */
  readonly greetMailServer?: () => Promise<void>;
  /** Looks at the file of places. Rejects where it is of no use. */
  readonly openPlaces?: () => Promise<void>;
  /** Looks at the list of breached passwords. Rejects where it is none. */
  readonly openBreached?: () => Promise<void>;
};

/** `connects`: whether something listens there. */
export async function aroundChecks(
  { upstreamUrl, greetMailServer, openPlaces, openBreached }: Around,
  connects: (host: string, port: number) => Promise<boolean>,
): Promise<readonly Check[]> {
  const upstream = upstreamUrl === undefined ? [] : [await upstreamCheck(upstreamUrl, connects)];
  const places = openPlaces === undefined ? [] : [await placesCheck(openPlaces)];
  const breached = openBreached === undefined ? [] : [await breachedCheck(openBreached)];
  return [await mailCheck(greetMailServer), ...upstream, ...places, ...breached];
}

async function mailCheck(greet: Around['greetMailServer']): Promise<Check> {
  if (greet === undefined) return group.skipped('mail', 'none is sent: no mail server is configured');
  try {
    await greet();
    return group.ok('mail', 'the mail server takes us in; nothing was sent');
  } catch (error) {
    return group.failed('mail', {
      found: `the mail server does not take us in: ${error instanceof Error ? error.message : String(error)}`,
      why: 'Invitations, codes and links to set a password wait until it does.',
      mend: 'CLOUDGRID_INVITATION_EMAIL_SMTP_HOST, _SMTP_PORT, _SMTP_TLS, _SMTP_USERNAME and _SMTP_PASSWORD.',
    });
  }
}

async function placesCheck(openPlaces: () => Promise<void>): Promise<Check> {
  try {
    await openPlaces();
    return group.ok('GEOIP_FILE', 'is a MaxMind database');
  } catch (error) {
    return group.warning('GEOIP_FILE', {
      found: `is of no use: ${error instanceof Error ? error.message : String(error)}`,
      why: 'Sessions are shown without places.',
      mend: 'GEOIP_FILE: the .mmdb file itself, unpacked, of a City or Country database; or leave it out.',
    });
  }
}

async function breachedCheck(openBreached: () => Promise<void>): Promise<Check> {
  try {
    await openBreached();
    return group.ok('BREACHED_PASSWORDS_FILE', 'is a sorted list of hashes');
  } catch (error) {
    return group.failed('BREACHED_PASSWORDS_FILE', {
      found: `is of no use: ${error instanceof Error ? error.message : String(error)}`,
      why: 'No server that knows passwords starts with it.',
      mend: 'BREACHED_PASSWORDS_FILE: lines of upper-case hexadecimal SHA-1, sorted; or leave it out.',
    });
  }
}

async function upstreamCheck(
  { host, hostname, port, protocol }: URL,
  connects: (host: string, port: number) => Promise<boolean>,
): Promise<Check> {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1');
  const usualPort = protocol === 'https:' ? 443 : 80;
  if (await connects(bare, port === '' ? usualPort : Number(port)))
    return group.ok('UPSTREAM_URL', `${host} listens`);
  return group.failed('UPSTREAM_URL', {
    found: `nothing listens at ${host}`,
    why: 'Whoever has signed in gets no further.',
    mend: 'Start the application behind the gate, or correct UPSTREAM_URL.',
  });
}
