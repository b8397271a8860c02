export { deriveKeys, keepMasterKey } from './master-keys.ts';
