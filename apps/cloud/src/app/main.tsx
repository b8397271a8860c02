import { arrived } from '../lib/arrived.ts';
import '../lib/validation.ts';
import '@mantine/core/styles/baseline.layer.css';
import '@mantine/core/styles/default-css-variables.layer.css';
import '@mantine/core/styles/global.layer.css';
import '@mantine/core/styles/VisuallyHidden.layer.css';
import '@mantine/core/styles/UnstyledButton.layer.css';
import '@mantine/core/styles/Loader.layer.css';
import '@mantine/core/styles/Skeleton.layer.css';
import '@mantine/core/styles/Button.layer.css';
import '@mantine/core/styles/Input.layer.css';
import './theme.css';
import './no-script.css';
import { RouterProvider } from '@tanstack/react-router';
import { setNonce } from 'get-nonce';
import { createRoot } from 'react-dom/client';
import { ErrorPage } from '../features/error/error-page.tsx';
import { readError } from '../features/error/read-error.ts';
import { readPageSettings } from '../lib/page-settings.ts';
import { tabShelf } from '../lib/shelves.ts';
import { ArrivalGate } from './arrival-gate.tsx';
import { Providers } from './providers.tsx';
import { createPages } from './router.tsx';

/** Always this very path, wherever the other pages are: the server redirects here from anywhere. */
const errorPath = '/auth/error';

const settings = readPageSettings(document);
setNonce(settings.nonce);

function firstPage() {
  if (window.location.pathname !== errorPath) {
    const pages = <RouterProvider router={createPages(settings.base)} />;
    return arrived ? <ArrivalGate arrival={arrived}>{pages}</ArrivalGate> : pages;
  }
  const error = readError({
    search: window.location.search,
    tabShelf: tabShelf(),
    keepsCookies: navigator.cookieEnabled,
    nowMs: Date.now(),
  });
  return <ErrorPage error={error} />;
}

const place = document.getElementById('root');
if (!place) throw new Error('The page has no #root to draw in');
createRoot(place).render(<Providers settings={settings}>{firstPage()}</Providers>);
