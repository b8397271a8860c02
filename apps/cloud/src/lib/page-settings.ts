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
    nonce: page.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? '',
  };
}

export type PageSettings = ReturnType<typeof readPageSettings>;
