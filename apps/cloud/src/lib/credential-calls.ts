import { PasswordSignInAnswer, TokenAnswer } from '@gatehouse/contract';
import { ask, change } from './api.ts';

const path = '/api/v1/auth';

/** Signs in, or is told that a code is wanted too. */
export const signInByPassword = (body: {
  readonly email: string;
  readonly password: string;
  readonly invitation?: string;
}) => ask(`${path}/login`, { method: 'POST', body }, PasswordSignInAnswer);

export const answerChallenge = (body: { readonly mfaToken: string; readonly code: string }) =>
  ask(`${path}/mfa/verify`, { method: 'POST', body }, TokenAnswer);

/** Answered alike whoever asks; the mail tells how to go on. */
export const register = (body: {
  readonly email: string;
  readonly password: string;
  readonly displayName?: string;
}) => change(`${path}/register`, 'POST', body);

export const verifyEmail = (body: { readonly token: string; readonly password?: string }) =>
  ask(`${path}/email/verify`, { method: 'POST', body }, TokenAnswer);

/** Answered alike whoever asks. */
export const askForReset = (email: string) => change(`${path}/password/forgot`, 'POST', { email });

export const resetPassword = (body: { readonly token: string; readonly password: string }) =>
  change(`${path}/password/reset`, 'POST', body);
