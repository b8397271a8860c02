import { setTimeout as sleep } from 'node:timers/promises';
import { openRoster } from './roster.ts';
import type { Roster } from './roster.ts';
import type { WorkerProcess } from './worker-process.ts';

export type CrewLog = {
  info(facts: object, line: string): void;
  error(facts: object, line: string): void;
};

const usualLimits = {
  /** A worker that lived this long counts as sound, and is replaced at once. */
  soundAfterMs: 10_000,
  firstPauseMs: 100,
  longestPauseMs: 10_000,
  /** Within this time a new worker is ready, or the old ones stay. */
  readyWithinMs: 30_000,
  /** With what the last steps of a stop take, the whole process is gone after ten seconds. */
  finishWithinMs: 9_500,
};

export type CrewOptions = {
  readonly count: number;
  readonly log: CrewLog;
  readonly start: () => WorkerProcess;
  readonly limits?: Partial<typeof usualLimits>;
};

export type Crew = {
  /** Starts the workers and keeps their number. Resolves once none runs any more: false if it gave up by itself. */
  run(): Promise<boolean>;
  /** One by one; none goes before another is ready in its place. Asked again meanwhile, it does it once more after. */
  replaceAll(): void;
  /** Every worker finishes what runs, and goes. */
  stop(): void;
};

/** With nobody left who serves, one that ended this often in a row will not do better. */
const triesWithNobody = 5;

type Place = { worker: WorkerProcess };
type Keeping = {
  readonly roster: Roster;
  readonly log: CrewLog;
  readonly limit: typeof usualLimits;
};

/** A number of workers that is kept, whatever becomes of one of them. */
export function openCrew({ count, log, start, limits }: CrewOptions): Crew {
  const limit = { ...usualLimits, ...limits };
  const roster = openRoster(start, limit.finishWithinMs);
  const keeping = { roster, log, limit };
  const places: Place[] = [];
  const begin = () => places.push({ worker: roster.begin() });
  let hasBegun = false;
  let isWantedAfterwards = false;
  const replaceEach = onceMoreAfter(async () => {
    for (const place of places) if (!(await replace(place, keeping))) return;
    log.info({ workers: count }, 'every worker was replaced');
  });
  return {
    stop: () => void roster.stop(),
    replaceAll() {
      // Not before the first one has shown whether this can work at all.
      if (hasBegun) replaceEach();
      else isWantedAfterwards = true;
    },
    async run() {
      if (roster.isStopping()) return true;
      begin();
      const isSound = await places[0]?.worker.listening;
      if (isSound !== true) return roster.isStopping();
      while (places.length < count && !roster.isStopping()) begin();
      hasBegun = true;
      if (isWantedAfterwards) replaceEach();
      void Promise.all(places.map(({ worker }) => worker.ready)).then((each) => {
        if (each.every(Boolean)) log.info({ workers: count }, 'every worker is ready');
      });
      const each = await Promise.all(places.map((place) => keepFilled(place, keeping)));
      await roster.stop();
      return each.every(Boolean);
    },
  };
}

/** Resolves when everybody is to go; false if that is so because there is no use in going on. */
async function keepFilled(place: Place, { roster, log, limit }: Keeping): Promise<boolean> {
  let crashes = 0;
  while (!roster.isStopping()) {
    const { worker } = place;
    const startedAt = performance.now();
    const how = await worker.ended;
    if (roster.isStopping()) return true;
    if (place.worker !== worker) continue; // it was replaced
    crashes = performance.now() - startedAt < limit.soundAfterMs ? crashes + 1 : 0;
    log.error({ worker: worker.pid, how }, 'a worker ended; another takes its place');
    if (crashes >= triesWithNobody && !roster.isAnybodyListening()) {
      void roster.stop();
      return false;
    }
    const pauseMs = crashes === 0 ? 0 : limit.firstPauseMs * 2 ** (crashes - 1);
    await roster.pause(Math.min(pauseMs, limit.longestPauseMs));
    if (!roster.isStopping() && place.worker === worker) place.worker = roster.begin();
  }
  return true;
}

/** False if the old worker stays. */
async function replace(place: Place, { roster, log, limit }: Keeping): Promise<boolean> {
  if (roster.isStopping()) return false;
  const fresh = roster.begin();
  const isReady = await Promise.race([fresh.ready, sleep(limit.readyWithinMs, false, { ref: false })]);
  if (roster.isStopping()) return false;
  if (!isReady) {
    fresh.kill();
    log.error({ worker: fresh.pid }, 'the new worker did not become ready; the others go on as they are');
    return false;
  }
  const old = place.worker;
  place.worker = fresh;
  old.retire();
  await roster.finish([old]);
  return true;
}

/** However often it is asked while it works, it works once more when it is done. */
function onceMoreAfter(work: () => Promise<void>): () => void {
  let isWorking = false;
  let isAsked = false;
  async function workOff() {
    isWorking = true;
    while (isAsked) {
      isAsked = false;
      await work();
    }
    isWorking = false;
  }
  return () => {
    isAsked = true;
    if (!isWorking) void workOff();
  };
}
