import type { Secret } from '../kernel/secret.ts';
import { present, whole } from './parts.ts';
import type { ProviderVariable } from './provider-variables.ts';
import type { Reading } from './reading.ts';
import { foreignSecret } from './rules/secrets.ts';
import { keySetAddress, redirectAddress } from './rules/web-addresses.ts';
import { opaqueName } from './rules/words.ts';

/** What a provider knows us by. */
export type ProviderClient = {
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly redirectUri: URL;
};

export type OidcClient = ProviderClient & {
  /** As written, since ID tokens name it letter by letter. */
  readonly issuer: string;
  readonly audience: string;
  /** Absent: the keys that discovery names. */
  readonly jwksUrl?: URL;
};

export type ProviderReading = Reading<ProviderVariable>;
export type Brand = 'GITHUB' | 'GOOGLE' | 'AZURE';

export const neededWhenListed = 'by a provider that CLOUDGRID_AUTH_PROVIDERS lists';
export const callbackRule = redirectAddress('/auth/callback');

export function readClient(reading: ProviderReading, brand: Brand): ProviderClient | undefined {
  return whole<ProviderClient>({
    clientId: reading.need(`CLOUDGRID_AUTH_${brand}_CLIENT_ID`, opaqueName, neededWhenListed),
    clientSecret: reading.need(`CLOUDGRID_AUTH_${brand}_CLIENT_SECRET`, foreignSecret, neededWhenListed),
    redirectUri: reading.need(`CLOUDGRID_AUTH_${brand}_REDIRECT_URI`, callbackRule, neededWhenListed),
  });
}

export function readOidcClient(
  reading: ProviderReading,
  brand: Exclude<Brand, 'GITHUB'>,
  issuer: string | undefined,
): OidcClient | undefined {
  const client = readClient(reading, brand);
  const audience = reading.take(`CLOUDGRID_AUTH_${brand}_AUDIENCE`, opaqueName);
  const jwksUrl = reading.take(`CLOUDGRID_AUTH_${brand}_JWKS_URL`, keySetAddress);
  if (client === undefined || issuer === undefined) return undefined;
  return { ...client, issuer, audience: audience ?? client.clientId, ...present({ jwksUrl }) };
}
