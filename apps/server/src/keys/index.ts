export { openKeyRing } from './key-ring.ts';
export type { KeyRing } from './key-ring.ts';
export { listSigningKeys } from './list-signing-keys.ts';
export type { SigningKeyFacts } from './list-signing-keys.ts';
export type { VerifiedToken } from './verify-token.ts';
export { deriveKeys, findMasterKey, keepMasterKey } from './master-keys.ts';
export {
  forgetRetiredKeys,
  resealSigningKeys,
  rotateSigningKey,
  rotateWhenDue,
  withdrawSigningKey,
} from './signing-keys.ts';
export { openSealer } from './sealing.ts';
export type { NewSigningKey, Rotation } from './signing-keys.ts';
