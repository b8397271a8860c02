import { RecoveryCodes, StepUpAnswer, TotpEnrolment } from '@gatehouse/contract';
import { ask, change, read } from './api.ts';

const mePath = '/api/v1/me';

/** Whether who is signed in has proven it lately, and how they could. Read each time: it runs out. */
export const readStepUp = () => read(`${mePath}/step-up`, StepUpAnswer, new AbortController().signal);

export const proveOnceMore = (body: { readonly password?: string; readonly code?: string }) =>
  change(`${mePath}/step-up`, 'POST', body);

export const changePassword = (body: { readonly currentPassword?: string; readonly newPassword: string }) =>
  change(`${mePath}/password`, 'PUT', body);

/** Makes a key for an authenticator app. It counts once a code of it was typed back. */
export const enrolApp = () => ask(`${mePath}/mfa/totp`, { method: 'POST' }, TotpEnrolment);

export const confirmApp = (code: string) =>
  ask(`${mePath}/mfa/totp/confirm`, { method: 'POST', body: { code } }, RecoveryCodes);

export const removeApp = () => change(`${mePath}/mfa/totp`, 'DELETE');

export const renewRecoveryCodes = () =>
  ask(`${mePath}/mfa/recovery-codes`, { method: 'POST' }, RecoveryCodes);

export const unlinkIdentity = (id: string) =>
  change(`${mePath}/identities/${encodeURIComponent(id)}`, 'DELETE');
