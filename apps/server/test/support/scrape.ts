import { expect } from 'vitest';
import { until } from './processes.ts';
import type { World } from './world.ts';

/** Every sample of a scrape, by its name with its labels as Prometheus writes them. */
export type Samples = ReadonlyMap<string, number>;

/** Where the server of this world shows its metrics, as its log tells. */
export async function metricsAddress(w: World): Promise<URL> {
  const found = () =>
    /"metrics":"(http:[^"]+)"/.exec(w.logLines.findLast((line) => line.includes('"metrics":')) ?? '');
  await until(() => found() !== null);
  return new URL(found()?.[1] ?? '');
}

export async function scrapeText(w: World): Promise<string> {
  const answer = await fetch(await metricsAddress(w));
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  return await answer.text();
}

export async function scrape(w: World): Promise<Samples> {
  const lines = (await scrapeText(w)).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}

/** The names of all metrics of a scrape, those that have no sample yet included. */
export function namesIn(text: string): string[] {
  return [...text.matchAll(/^# TYPE (\S+) /gm)].flatMap(([, name]) => name ?? []);
}
