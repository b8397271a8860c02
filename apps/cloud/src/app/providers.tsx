import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiProblem } from '../lib/api.ts';
import { PageContext } from '../lib/page-context.ts';
import type { PageSettings } from '../lib/page-settings.ts';
import { tokens } from '../lib/tokens.ts';
import { cssVariables, theme } from './theme.ts';

const colorSchemes = localStorageColorSchemeManager({ key: 'gatehouse.color-scheme' });

/** Only a lost connection is tried again by itself, once: a problem with a code is the server's answer. */
const isWorthRetrying = (failures: number, error: Error) =>
  failures < 1 && error instanceof ApiProblem && error.code === 'network_failed';

const queries = new QueryClient({
  defaultOptions: {
    queries: { retry: isWorthRetrying, retryDelay: 500, networkMode: 'always', staleTime: 5_000 },
    mutations: { networkMode: 'always' },
  },
});

// What is shown of somebody who is signed out, or who isn't the reader any more, goes at once.
tokens.whenOver(() => void queries.resetQueries());
// A page that the browser had put aside whole comes back with what it showed then.
window.addEventListener('pageshow', ({ persisted }) => {
  if (persisted) void queries.resetQueries();
});

export function Providers({
  settings,
  children,
}: {
  readonly settings: PageSettings;
  readonly children: ReactNode;
}) {
  return (
    <PageContext value={settings}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        colorSchemeManager={colorSchemes}
        defaultColorScheme="auto"
        getStyleNonce={() => settings.nonce}
      >
        <QueryClientProvider client={queries}>{children}</QueryClientProvider>
      </MantineProvider>
    </PageContext>
  );
}
