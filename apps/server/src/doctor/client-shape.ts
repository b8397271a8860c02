import { isUuid } from '../kernel/ids.ts';
import type { Secret } from '../kernel/secret.ts';
import type { Check, Group } from './check.ts';

export type ClientShape = {
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** What the names of its variables begin with. */
  readonly variables: { readonly client: string };
};

const unknowable = 'whether the provider takes id and secret shows at the first sign-in';

/** Looks at shapes alone: what a provider says to a secret is found out by a sign-in, not by sending it about. */
export function clientCheck(group: Group, client: ClientShape): Check {
  const trouble = client.name === 'google' ? googleTrouble(client) : entraTrouble(client);
  if (trouble === undefined) return group.skipped('client', unknowable);
  const why = 'The provider will refuse it, on its own page or at the end of a sign-in.';
  return group.warning('client', { ...trouble, why });
}

function googleTrouble({ issuer, clientId, variables }: ClientShape) {
  const isGoogle = issuer === 'https://accounts.google.com';
  if (!isGoogle || clientId.endsWith('.apps.googleusercontent.com')) return undefined;
  const mend = `${variables.client}_CLIENT_ID ends in .apps.googleusercontent.com.`;
  return { found: 'the client id does not look like one of Google', mend };
}

function entraTrouble({ issuer, clientId, clientSecret, variables }: ClientShape) {
  const idName = `${variables.client}_CLIENT_ID`;
  if (!isUuid(clientId)) {
    return { found: 'the client id is no GUID', mend: `${idName} is the Application (client) ID.` };
  }
  if (issuer.toLowerCase().includes(`/${clientId.toLowerCase()}/`)) {
    const mend = `${idName} is the Application (client) ID, not the Directory (tenant) ID.`;
    return { found: 'the client id is that of the directory', mend };
  }
  if (!isUuid(clientSecret.reveal())) return undefined;
  const mend = `${variables.client}_CLIENT_SECRET is the Value of the client secret, not its Secret ID.`;
  return { found: 'the client secret has the shape of its own id', mend };
}
