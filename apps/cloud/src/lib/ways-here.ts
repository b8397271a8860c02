import type { ProvidersAnswer } from '@gatehouse/contract';
import type { PageSettings } from './page-settings.ts';

type Way = ProvidersAnswer['providers'][number];

const handsTokens = ({ loginUrl }: Way) => loginUrl.includes('/api/v1/auth/');

/**
 * The ways in that lead back to this page's origin. One that ends in a session cookie leads to the origin of the API, one
 * that ends in tokens to the origin that the server was told; the two may differ. All, where none leads back here.
 */
export function waysHere(ways: readonly Way[], { api, app }: Pick<PageSettings, 'api' | 'app'>): Way[] {
  const here = ways.filter((way) => (handsTokens(way) ? app : api) === '');
  return here.length > 0 ? here : [...ways];
}
