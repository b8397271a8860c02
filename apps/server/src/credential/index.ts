export { checkBreachedList, noBreachedList, openBreachedList } from './breached-list.ts';
export { choosePasswords } from './choose-password.ts';
export type { ChoosePassword } from './choose-password.ts';
export { forgetBrowsersOf, forgetOldBrowsers, rememberBrowser } from './known-browsers.ts';
export { linkTokens } from './link-tokens.ts';
export type { LinkTokens } from './link-tokens.ts';
export {
  beginMfaChallenge,
  endMfaChallenges,
  forgetMfaChallenges,
  tryMfaChallenge,
  useMfaChallenge,
} from './mfa-challenges.ts';
export type { TriedChallenge } from './mfa-challenges.ts';
export { beginLink, endLinks, findLink, forgetLinks, useLink } from './one-time-links.ts';
export type { OpenLink } from './one-time-links.ts';
export { hashesAtOnce, passwordHashes } from './password-hashes.ts';
export type { PasswordHashes } from './password-hashes.ts';
export { minLengthFor } from './password-rules.ts';
export { findPasswordHolder, readPassword, rehashPassword, setPassword } from './passwords.ts';
export type { OwnPassword, PasswordHolder } from './passwords.ts';
export { openStrengthMeter } from './strength-meter.ts';
export { renewRecoveryCodes } from './recovery-codes.ts';
export {
  disableSecondFactor,
  enableSecondFactor,
  hasSecondFactor,
  lockSecondFactor,
  readSecondFactor,
  useAppCode,
  useSecondFactor,
} from './second-factor.ts';
export type { SecondFactor } from './second-factor.ts';
export { beginTotp, forgetUnconfirmedTotp, resealTotpSecrets, totpUri } from './totp.ts';
export type { SecretSealer } from './totp.ts';
