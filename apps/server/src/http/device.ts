import { BROWSER_MAP, OS_MAP, parse } from 'bowser';

/** What a browser is, as far as its own word for it is one that we know. */
export type Device = {
  readonly kind: 'desktop' | 'phone' | 'tablet' | 'unknown';
  readonly browser?: string;
  readonly os?: string;
};

const kinds: ReadonlyMap<string | undefined, Device['kind']> = new Map([
  ['desktop', 'desktop'],
  ['mobile', 'phone'],
  ['tablet', 'tablet'],
]);

// The parser makes names of what it does not know out of the header: those are somebody's text, not a name.
const browsers: ReadonlySet<string | undefined> = new Set(Object.values(BROWSER_MAP));
const systems: ReadonlySet<string | undefined> = new Set(Object.values(OS_MAP));

/** Reads a `User-Agent`. Programs that are no browser of ours to name are `unknown`, without names. */
export function readDevice(userAgent: string | null): Device {
  if (userAgent === null || userAgent === '') return { kind: 'unknown' };
  const { browser, os, platform } = parse(userAgent);
  // Chromebooks name their system and no platform.
  const kind = kinds.get(platform.type ?? (os.name === OS_MAP['ChromeOS'] ? 'desktop' : undefined));
  if (kind === undefined || !browsers.has(browser.name)) return { kind: 'unknown' };
  return {
    kind,
    ...(browser.name !== undefined && { browser: browser.name }),
    ...(os.name !== undefined && systems.has(os.name) && { os: os.name }),
  };
}
