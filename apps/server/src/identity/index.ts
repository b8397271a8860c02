export { decideLink } from './decide-link.ts';
export type { LinkDecision, LinkFacts } from './decide-link.ts';
export { decideProof } from './decide-proof.ts';
export {
  beginEmailProof,
  endEmailProofs,
  forgetEmailProofs,
  lockAddress,
  tryEmailProof,
  useEmailProof,
} from './email-proofs.ts';
export type { EmailProof } from './email-proofs.ts';
export {
  addIdentity,
  addWaitingIdentity,
  findIdentity,
  lockIdentityAndAddress,
  markIdentitySeen,
  readIdentity,
  removeIdentity,
} from './identities.ts';
export type { IdentityKey, KnownIdentity } from './identities.ts';
export { dropWaitingLinks, forgetExpiredLinks, rememberLink, takeLinks } from './pending-links.ts';
export { proofCodes } from './proof-codes.ts';
export type { ProofCodes } from './proof-codes.ts';
export {
  addressesOf,
  adoptAddress,
  createUser,
  findHolder,
  findHolderOf,
  mergeEmptyUser,
  readUser,
  releaseAddresses,
  releaseContested,
  renameUser,
} from './users.ts';
export type { Holder, User } from './users.ts';
