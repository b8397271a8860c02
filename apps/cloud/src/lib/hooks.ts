import { useEffect, useState } from 'react';
import { en } from '../messages/en.ts';

export function usePageTitle(title: string) {
  useEffect(() => {
    document.title = en.pageTitle(title);
  }, [title]);
}

/** The time, read again every half minute. */
export function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const ticking = setInterval(() => {
      setNow(new Date());
    }, 30_000);
    return () => {
      clearInterval(ticking);
    };
  }, []);
  return now;
}

/** False at first, true once `delayMs` have passed: for what should not flash up when things go fast. */
export function useLater(delayMs: number): boolean {
  const [isLater, setIsLater] = useState(false);
  useEffect(() => {
    const waiting = setTimeout(() => {
      setIsLater(true);
    }, delayMs);
    return () => {
      clearTimeout(waiting);
    };
  }, [delayMs]);
  return isLater;
}
