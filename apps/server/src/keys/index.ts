export { deriveKeys, keepMasterKey } from './master-keys.ts';
export type { PurposeKey } from './master-keys.ts';
