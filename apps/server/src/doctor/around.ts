import type { Check } from './check.ts';
import { openGroup } from './check.ts';

const group = openGroup('surroundings');

export type Around = {
  readonly mail: { readonly kind: 'disabled' } | { readonly kind: 'smtp'; readonly where: string };
  readonly upstreamUrl?: URL;
  readonly hasPlaces: boolean;
};

/** `connects`: whether something listens there. */
export async function aroundChecks(
  { mail, upstreamUrl, hasPlaces }: Around,
  connects: (host: string, port: number) => Promise<boolean>,
): Promise<readonly Check[]> {
  const upstream = upstreamUrl === undefined ? [] : [await upstreamCheck(upstreamUrl, connects)];
  const places = hasPlaces ? [group.ok('GEOIP_FILE', 'can be read')] : [];
  return [mailCheck(mail), ...upstream, ...places];
}

function mailCheck(mail: Around['mail']): Check {
  if (mail.kind === 'smtp') return group.skipped('mail', `goes out by ${mail.where}, which was not asked`);
  const why = 'What needs mail answers 503 mail_not_configured.';
  const mend = 'CLOUDGRID_INVITATION_EMAIL_SMTP_HOST and CLOUDGRID_INVITATION_EMAIL_FROM';
  return group.skipped('mail', 'none is sent', { why, mend });
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
