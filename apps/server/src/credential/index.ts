export { linkTokens } from './link-tokens.ts';
export type { LinkTokens } from './link-tokens.ts';
