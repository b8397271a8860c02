import { addressVariables } from './addresses.ts';
import { companyVariables, policyVariables } from './admission.ts';
import { httpVariables } from './http.ts';
import { internalVariables, listenerVariables } from './listeners.ts';
import { mailVariables } from './mail.ts';
import { microsoftVariables } from './microsoft.ts';
import { modeVariables } from './mode.ts';
import { networkVariables } from './network.ts';
import { providerVariables } from './provider-variables.ts';
import { runningVariables } from './running.ts';
import { sessionVariables } from './session.ts';
import { storageVariables } from './storage.ts';
import { telemetryVariables } from './telemetry.ts';
import { tokenVariables } from './tokens.ts';
import type { VariableGroup } from './variable.ts';

/** Every variable of the Cloud Backend, and no other: each lives beside what reads it. */
export const cloudVariables = {
  ...modeVariables,
  ...listenerVariables,
  ...addressVariables,
  ...companyVariables,
  ...policyVariables,
  ...providerVariables,
  ...microsoftVariables,
  ...sessionVariables,
  ...tokenVariables,
  ...storageVariables,
  ...mailVariables,
  ...networkVariables,
  ...internalVariables,
  ...httpVariables,
  ...runningVariables,
  ...telemetryVariables,
} as const;

export type CloudVariable = keyof typeof cloudVariables;

/** The same variables in the order and under the headings of the documentation. */
export const cloudVariableGroups: readonly VariableGroup[] = [
  { title: 'Kind of deployment', variables: modeVariables },
  {
    title: 'Addresses',
    intro: 'Each is an origin: scheme, host and port alone.',
    variables: addressVariables,
  },
  { title: 'Listening', variables: listenerVariables },
  { title: 'Providers', variables: providerVariables },
  {
    title: 'Microsoft for all directories',
    intro: 'The button “Sign in with Microsoft”: people of every Entra directory, and personal accounts.',
    variables: microsoftVariables,
  },
  { title: 'The one company', variables: companyVariables },
  { title: 'Who may sign in, and how', variables: policyVariables },
  { title: 'Browser sessions', variables: sessionVariables },
  {
    title: 'Tokens for single-page applications',
    intro: 'Sign-ins that begin below `/api/v1/auth/` end in an access token and a refresh cookie.',
    variables: tokenVariables,
  },
  { title: 'Database and keys', variables: storageVariables },
  {
    title: 'Mail',
    intro: 'The names speak of invitations, but all mail goes this way.',
    variables: mailVariables,
  },
  { title: 'Network', variables: networkVariables },
  {
    title: 'Management’s way in',
    intro: 'No effect yet: there is no such listener.',
    variables: internalVariables,
  },
  { title: 'HTTP', variables: httpVariables },
  { title: 'Running', variables: runningVariables },
  {
    title: 'Traces',
    intro: 'OpenTelemetry: a span for each request and for each step of a sign-in.',
    variables: telemetryVariables,
  },
];
