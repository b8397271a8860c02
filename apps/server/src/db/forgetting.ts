/**
 * What had to be forgotten since when. Moments are counted, not timed: whoever reads something takes the moment first,
 * and what was read holds until one of its subjects is forgotten at a later one. A note that arrives while the reading
 * is still under way therefore counts as well.
 */
export type Forgetting = {
  moment(): number;
  forget(subject: string): void;
  forgetAll(): void;
  holds(moment: number, subjects: readonly string[]): boolean;
};

/** Remembers about twice so many subjects; whatever was read before the oldest of them holds no more. */
export function openForgetting(subjectsPerGeneration = 50_000): Forgetting {
  let moment = 0;
  let young = { since: 0, at: new Map<string, number>() };
  let old = young;

  const begin = () => ({ since: moment, at: new Map<string, number>() });
  return {
    moment: () => moment,
    forget(subject) {
      moment += 1;
      young.at.set(subject, moment);
      if (young.at.size < subjectsPerGeneration) return;
      old = young;
      young = begin();
    },
    forgetAll() {
      moment += 1;
      young = begin();
      old = young;
    },
    holds(since, subjects) {
      if (since === moment) return true;
      if (since < old.since) return false;
      for (const subject of subjects) {
        if ((young.at.get(subject) ?? old.at.get(subject) ?? 0) > since) return false;
      }
      return true;
    },
  };
}
