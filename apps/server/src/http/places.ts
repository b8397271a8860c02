import { open } from 'node:fs/promises';
import type { CityResponse, Reader } from 'maxmind';
import { z } from 'zod';
import type { Log } from './log.ts';

/** Roughly where an address is: `near Zürich, Switzerland`, or a country alone. Undefined where nobody knows. */
export type PlaceOf = (address: string) => Promise<string | undefined>;

export const noPlaces: PlaceOf = () => Promise.resolve(undefined);

const Named = z
  .object({ names: z.object({ en: z.string().min(1) }) })
  .transform(({ names }) => names.en)
  .optional()
  .catch(undefined);
/** What we read of a record of a City or a Country database; both may lack anything. */
const PlaceRecord = z.object({ city: Named, country: Named });

/**
 * Names places from a MaxMind database, which is read when the first place is asked for: a file that is replaced counts
 * from the next start. One that cannot be used costs the places and one warning, now or then, and nothing else.
 */
export function openPlaces(file: string, log: Log): PlaceOf {
  const giveUp = (error: unknown): undefined => {
    log.warn(
      { err: error },
      'the file that GEOIP_FILE names is of no use: sessions are shown without places',
    );
    reader = Promise.resolve(undefined);
  };
  const isChecked = endsAsDatabase(file).catch(giveUp);
  let reader: Promise<Reader<CityResponse> | undefined> | undefined;

  return async (address) => {
    await isChecked;
    reader ??= readDatabase(file).catch(giveUp);
    const opened = await reader;
    try {
      return opened && wordsOf(opened.get(withoutMapping(address)));
    } catch (error) {
      giveUp(error);
      return;
    }
  };
}

function wordsOf(found: CityResponse | null): string | undefined {
  const { city, country } = found === null ? {} : PlaceRecord.parse(found);
  if (city === undefined) return country;
  return country === undefined ? `near ${city}` : `near ${city}, ${country}`;
}

/** Sockets that speak both families write an IPv4 address as an IPv6 one (RFC 4291 §2.5.5.2); databases do not. */
function withoutMapping(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}

/** The metadata begins with this, in the last 128 KiB ("MaxMind DB file format", Database Metadata). */
const metadataMarker = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');
const tailBytes = 128 * 1024;

/** @throws Error where the file cannot be read or is no such database */
export async function endsAsDatabase(file: string): Promise<void> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const tail = Buffer.alloc(Math.min(size, tailBytes));
    await handle.read(tail, 0, tail.length, size - tail.length);
    if (!tail.includes(metadataMarker)) throw new Error('it is no MaxMind database');
  } finally {
    await handle.close();
  }
}

async function readDatabase(file: string): Promise<Reader<CityResponse>> {
  const { open: openDatabase } = await import('maxmind');
  return await openDatabase<CityResponse>(file);
}
