import { useEffect, useRef, useState } from 'react';

const noticedMs = 400;

/** Which way the person is leaving by, once that has taken long enough to be noticed. Coming back resets it. */
export function useLeaving() {
  const [leaving, setLeaving] = useState<string>();
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    const reset = () => {
      clearTimeout(waiting.current);
      setLeaving(undefined);
    };
    window.addEventListener('pageshow', reset);
    return () => {
      clearTimeout(waiting.current);
      window.removeEventListener('pageshow', reset);
    };
  }, []);
  const leaveBy = (providerId: string) => {
    clearTimeout(waiting.current);
    waiting.current = setTimeout(() => {
      setLeaving(providerId);
    }, noticedMs);
  };
  return { leaving, leaveBy };
}
