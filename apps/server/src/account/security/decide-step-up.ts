/** By what somebody who is signed in proves once more who they are. */
export type StepUpWay = 'code' | 'password' | 'sign_in';

/**
 * Whoever has an authenticator app is asked for its code, as no stranger at an open browser has it; a recovery code is for
 * signing in alone. Whoever has neither app nor password signs in once more.
 */
export function decideStepUp({ hasApp, hasPassword }: { hasApp: boolean; hasPassword: boolean }): StepUpWay {
  if (hasApp) return 'code';
  return hasPassword ? 'password' : 'sign_in';
}
