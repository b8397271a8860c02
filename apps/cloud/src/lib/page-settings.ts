/** What the server wrote into the page. A placeholder that is still there (development) counts as unset. */
export function readPageSettings(page: Document) {
  const written = (name: string, placeholder: string) => {
    const content = page.querySelector(`meta[name="${name}"]`)?.getAttribute('content') ?? '';
    return content === placeholder ? '' : content;
  };
  return {
    notice: written('gatehouse-notice', '__NOTICE__'),
    /** The short name of the one company of this deployment; empty where there are many. */
    company: written('gatehouse-company', '__COMPANY__'),
    base: written('gatehouse-base', '__BASE__') || '/',
    /** Where the API is; empty where it is on the origin of this page. */
    api: written('gatehouse-api', '__API__').replace(/\/+$/, ''),
    /** Where a sign-in that hands out tokens ends; empty where that is here. */
    app: written('gatehouse-app', '__APP__'),
    nonce: page.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? '',
  };
}

export type PageSettings = ReturnType<typeof readPageSettings>;
