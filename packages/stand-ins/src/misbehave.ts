import type { RequestKind } from './journal.ts';

/** `once`: the next request that the fault concerns, so the next sign-in. `until_cleared`: all of them. */
export type Until = 'once' | 'until_cleared';

/** What can go wrong at one kind of request; each fault with the sentence that its menu shows. */
export type FaultSection<Fault extends string> = {
  readonly stage: RequestKind;
  readonly heading: string;
  readonly faults: Readonly<Partial<Record<Fault, string>>>;
};

export type FaultMenu<Fault extends string> = readonly FaultSection<Fault>[];

export type Misbehave<Fault extends string> = {
  /** Turns a fault on, `until_cleared` unless told. */
  (fault: Fault, until?: Until): void;
  /** Turns one fault off, or all. */
  readonly clear: (fault?: Fault) => void;
  readonly active: () => ReadonlyMap<Fault, Until>;
};

export type FaultSet<Fault extends string> = { readonly has: (fault: Fault) => boolean };

/** The same faults, seen by the endpoints. */
export type FaultSource<Fault extends string> = {
  /** The faults that are on for this stage; those that were on `once` are off afterwards. */
  readonly take: (stage: RequestKind) => FaultSet<Fault>;
  readonly isOn: (fault: Fault) => boolean;
};

export type Misbehaviour<Fault extends string> = {
  readonly misbehave: Misbehave<Fault>;
  readonly faults: FaultSource<Fault>;
  /** A fault's name as it came from a form. */
  readonly isFault: (name: string) => name is Fault;
};

export function createMisbehaviour<Fault extends string>(menu: FaultMenu<Fault>): Misbehaviour<Fault> {
  const active = new Map<Fault, Until>();
  const isAtStage = (fault: Fault, stage: RequestKind) =>
    menu.some((section) => section.stage === stage && Object.hasOwn(section.faults, fault));
  const turnOn = (fault: Fault, until: Until = 'until_cleared') => {
    active.set(fault, until);
  };
  const clear = (fault?: Fault) => {
    if (fault === undefined) active.clear();
    else active.delete(fault);
  };
  const take = (stage: RequestKind): FaultSet<Fault> => {
    const taken = new Set([...active.keys()].filter((fault) => isAtStage(fault, stage)));
    for (const fault of taken) if (active.get(fault) === 'once') active.delete(fault);
    return taken;
  };
  return {
    misbehave: Object.assign(turnOn, { clear, active: () => new Map(active) }),
    faults: { take, isOn: (fault) => active.has(fault) },
    isFault: (name): name is Fault => menu.some((section) => Object.hasOwn(section.faults, name)),
  };
}

/** The pairs of a table whose keys are known. */
export function pairsOf<Key extends string, Value>(table: Readonly<Record<Key, Value>>): [Key, Value][] {
  return Object.entries(table) as [Key, Value][]; // Object.entries forgets the key type; the tables are literals
}
