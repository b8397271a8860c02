import { en } from '../messages/en.ts';

export type Brand = 'github' | 'google' | 'microsoft';

const brands: ReadonlyMap<string, Brand> = new Map([
  ['github', 'github'],
  ['google', 'google'],
  // People know this one as Microsoft; the product's name is for administrators.
  ['azure', 'microsoft'],
  ['microsoft', 'microsoft'],
]);

/** What `signedInWith` names where it was no provider. */
const ownPassword = 'password';

export const brandOf = (providerId: string): Brand | undefined => brands.get(providerId);

/** What a button for this provider says, and the name to use for it elsewhere. */
export function providerWords(provider: { readonly id: string; readonly name: string }) {
  if (provider.id === ownPassword) return en.provider.password;
  const brand = brandOf(provider.id);
  return brand ? en.provider[brand] : { label: en.provider.other(provider.name), name: provider.name };
}
