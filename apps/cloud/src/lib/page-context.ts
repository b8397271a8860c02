import { createContext, use } from 'react';
import { pageHref } from './pages.ts';
import type { PageLink } from './pages.ts';
import type { PageSettings } from './page-settings.ts';

export const PageContext = createContext<PageSettings>({ notice: '', base: '/', nonce: '' });

export const useNotice = (): string => use(PageContext).notice;

/** Makes the address of one of our pages, wherever the server put them. */
export function usePageHref(): (page: PageLink) => string {
  const { base } = use(PageContext);
  return (page) => pageHref(base, page);
}
