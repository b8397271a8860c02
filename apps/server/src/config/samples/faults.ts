import type { Environment } from '../environment.ts';

/** A value, words of the sentence that refuses it, and what it is given with besides a full deployment. */
export type Refused = readonly [given: string, says: string, within?: Environment];

const host = 'gate.example';
export const notOrigins: readonly Refused[] = [
  [host, 'is not an http or https address'],
  [`ftp://${host}`, 'is not an http or https address'],
  [`https://${host} x`, 'is not an http or https address'],
  [`https:\\\\${host}`, 'is not an http or https address'],
  [`https://${host}:70000`, 'is not an http or https address'],
  [`http://${host}`, 'is plain http'],
  ['http://localhost.gate.example', 'is plain http'],
  ['http://128.0.0.1', 'is plain http'],
  [`https://ada:pw@${host}`, 'carries a user name'],
  [`https://${host}/?x=1`, 'has a query'],
  [`https://${host}?`, 'has a query'],
  [`https://${host}/#x`, 'has a fragment'],
  [`https://${host}/app`, 'has a path'],
  [`https://${host}/..`, 'has a path that is not in its plain form'],
  ['https://*.example', 'has no host name'],
];
export const notBases: readonly Refused[] = notOrigins.filter(([, says]) => says !== 'has a path');
export const notKeySets = notBases.filter(([, says]) => says !== 'has a query');
export const notRedirects: readonly Refused[] = [
  ...notBases,
  [`https://${host}/auth/callback/`, 'has another path'],
  [`https://${host}/x/auth/callback`, 'has another path'],
  [`https://${host}/`, 'has another path'],
  [`https://${host}/x/../auth/callback`, 'not in its plain form'],
  [`https://${host}/auth/callback?x=1`, 'has a query'],
  ['https://other.example/auth/callback', 'is on another origin than API_PUBLIC_URL'],
  [`https://${host}:8443/auth/callback`, 'is on another origin than API_PUBLIC_URL'],
  ['', 'is not set, but needed by a provider that CLOUDGRID_AUTH_PROVIDERS lists'],
];
export const notNumbers: readonly Refused[] = [
  ['many', 'is not a whole number'],
  ['1.5', 'is not a whole number'],
  ['-1', 'is not a whole number'],
  ['1e3', 'is not a whole number'],
  ['0x10', 'is not a whole number'],
  ['999999999999', 'is out of range'],
];
export const notPorts: readonly Refused[] = [...notNumbers, ['65536', 'is out of range']];
export const notLifetimes: readonly Refused[] = [...notNumbers, ['0', 'is out of range']];
export const notListed: readonly Refused[] = [['', 'is not set, but needed by a provider']];
export const notNames: readonly Refused[] = [['two words', 'has white space']];
export const notSecrets: readonly Refused[] = [['one\ntwo', 'has control characters']];
export const notHosts: readonly Refused[] = [
  ['https://gate.example', 'neither an IP address nor a host name'],
  ['gate.example:3000', 'neither an IP address nor a host name'],
  ['10.0.0.300', 'neither an IP address nor a host name'],
];
export const notDomains: readonly Refused[] = [
  ['@acme.example', 'is not a domain name'],
  ['*.acme.example', 'is not a domain name'],
  ['acme', 'is not a domain name'],
  ['acme.example,', 'has an empty entry'],
  ['acme.example,,acme.test', 'has an empty entry'],
  ['acme.example,ada@acme.test', 'is not a domain name (entry 2)'],
];
export const notDatabases: readonly Refused[] = [
  ['mysql://db/x', 'is not the address of a Postgres database'],
  ['db.internal', 'is not the address of a Postgres database'],
  ['postgres://db:port/x', 'is not the address of a Postgres database'],
];
const ownSecret = 'a-secret-that-has-all-of-32-bytes';
export const notOwnSecrets: readonly Refused[] = [
  ['x'.repeat(31), 'is shorter than 32 bytes'],
  [`${ownSecret},short`, 'is shorter than 32 bytes (entry 2)'],
  [`${ownSecret},`, 'has an empty entry'],
  [`${ownSecret},${ownSecret}`, 'has the same entry twice'],
  [`${ownSecret}\t${ownSecret}`, 'has control characters'],
];
export const notMailboxes: readonly Refused[] = [
  ['ada', 'is not an e-mail address'],
  ['Ada <ada>', 'is not an e-mail address'],
  ['Ada <ada@acme.example', 'is not an e-mail address'],
  ['Ada\nBcc: eve@evil.example <ada@acme.example>', 'is not an e-mail address'],
  ['ada@acme.example, eve@acme.example', 'is not an e-mail address'],
];
export const notFiles: readonly Refused[] = [
  ['/srv/nothing', 'names no file that can be read'],
  ['/srv/\u0007', 'has control characters'],
];
