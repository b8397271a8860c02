import { createContext, use } from 'react';
import { pageHref } from './pages.ts';
import type { PageLink } from './pages.ts';
import type { PageSettings } from './page-settings.ts';

export const PageContext = createContext<PageSettings>({
  notice: '',
  company: '',
  base: '/',
  api: '',
  app: '',
  nonce: '',
});

export const useNotice = (): string => use(PageContext).notice;

/** The short name of the one company of this deployment; empty where there are many. */
export const useOwnCompany = (): string => use(PageContext).company;

/** Makes the address of one of our pages, wherever the server put them. */
export function usePageHref(): (page: PageLink) => string {
  const { base } = use(PageContext);
  return (page) => pageHref(base, page);
}
