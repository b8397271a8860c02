import type { Secret } from '../kernel/secret.ts';
import { whole } from './parts.ts';
import type { Reading } from './reading.ts';
import { foreignSecret } from './rules/secrets.ts';
import { baseAddress } from './rules/web-addresses.ts';
import { opaqueName } from './rules/words.ts';
import type { VariableTable } from './variable.ts';

export const microsoftVariables = {
  MS_CLIENT_ID: {
    rule: 'Application id of the multi-tenant Entra app behind “Sign in with Microsoft”. Together with `MS_CLIENT_SECRET`, `API_PUBLIC_URL` and `APP_BASE_URL`.',
  },
  MS_CLIENT_SECRET: { secret: true, rule: 'Its client secret. Needed with `MS_CLIENT_ID`.' },
  MS_AUTHORITY_HOST: {
    default: 'https://login.microsoftonline.com',
    rule: 'Where Entra is, for national clouds; `/<directory>/v2.0` below it is the issuer. May carry a path.',
  },
} as const satisfies VariableTable;

type MicrosoftReading = Reading<keyof typeof microsoftVariables>;

/** The client of an Entra app registration. */
export type MicrosoftApp = { readonly clientId: string; readonly clientSecret: Secret };

/** Undefined where neither of the two is set; one without the other is a mistake. */
export function readMicrosoftApp(reading: MicrosoftReading): MicrosoftApp | undefined {
  if (!reading.isGiven('MS_CLIENT_ID') && !reading.isGiven('MS_CLIENT_SECRET')) return undefined;
  return whole<MicrosoftApp>({
    clientId: reading.need('MS_CLIENT_ID', opaqueName, 'with MS_CLIENT_SECRET'),
    clientSecret: reading.need('MS_CLIENT_SECRET', foreignSecret, 'with MS_CLIENT_ID'),
  });
}

/** Ends without a slash. */
export function readEntraAuthority(reading: MicrosoftReading): string | undefined {
  return reading.take('MS_AUTHORITY_HOST', baseAddress);
}
