export { linkTokens } from './link-tokens.ts';
export type { LinkTokens } from './link-tokens.ts';
export {
  beginMfaChallenge,
  endMfaChallenges,
  forgetMfaChallenges,
  hasSecondFactor,
  tryMfaChallenge,
  useMfaChallenge,
} from './mfa-challenges.ts';
export type { TriedChallenge } from './mfa-challenges.ts';
