import { useLocation } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { tokenIn } from '../lib/link-token.ts';

/**
 * The token that the link of a mail brought in the fragment. It is taken out of the address bar at once, so that neither
 * the history nor somebody looking on keeps it; reloading the page loses it.
 */
export function useLinkToken(): string | undefined {
  const { hash } = useLocation();
  const [token, setToken] = useState(() => tokenIn(hash));
  const arrived = tokenIn(hash);
  // The link of another mail was opened in this very tab.
  if (arrived !== undefined && arrived !== token) setToken(arrived);
  useEffect(() => {
    const { pathname, search } = window.location;
    if (arrived !== undefined) window.history.replaceState(window.history.state, '', pathname + search);
  }, [arrived]);
  return token;
}
