import type { OwnSession } from '@gatehouse/contract';
import { en } from '../../messages/en.ts';

/** What to call a device: by browser and system, as far as they are known. */
export function deviceWords({ kind, browser, os }: OwnSession['device']): string {
  const { onSystem, someBrowser, unknown } = en.sessions.device;
  if (browser === undefined) return kind === 'unknown' ? unknown : someBrowser[kind];
  return os === undefined ? browser : onSystem(browser, os);
}
