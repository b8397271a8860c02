import type { Secret } from '../kernel/secret.ts';
import { equalInConstantTime } from '../kernel/tokens.ts';
import { chainOfNoCompany, nothingBefore, sealOf } from './chain.ts';
import type { ChainHead } from './chain.ts';
import { canonical } from './sealable-events.ts';
import type { SealedEvent } from './sealed-events.ts';

export type Finding = {
  readonly finding:
    | 'event_gone'
    | 'event_or_seal_changed'
    | 'seal_gone'
    | 'event_never_sealed'
    | 'reordered'
    | 'key_unknown'
    | 'cut_off'
    | 'head_changed';
  readonly chain: string;
  /** In the chain; absent for an event that has none there. */
  readonly position?: bigint;
  readonly eventId?: string;
  /** When the event happened, as its seal says. */
  readonly at?: Date;
  /** Of several seals in a row that are gone the last; of an event in the wrong place where the right one is. */
  readonly otherPosition?: bigint;
  readonly keyId?: string;
};

/** What is read beyond the row at hand, only where something is wrong. */
export type Looking = {
  /** The rows that come later in the same chain, as far as it is worth looking. */
  laterRows(row: SealedEvent): AsyncIterable<SealedEvent>;
  /** Where the event is now that is not where its seal says. */
  elsewhere(row: SealedEvent): Promise<{ isThere: false } | { isThere: true; position: bigint | undefined }>;
};

export type SealKeys = ReadonlyMap<string, Secret>;

/** How far the check of one chain has come. */
export type ChainCheck = {
  readonly chain: string;
  readonly keys: SealKeys;
  readonly looking: Looking;
  /** What the seal before may be: as it is kept, and as it must have been. None where it is gone. */
  before: readonly Buffer[];
  /** The last row seen. */
  head: ChainHead | undefined;
  readonly unknownKeys: Set<string>;
  /** Rows that belong somewhere else. */
  readonly displaced: SealedEvent[];
};

export function beginCheck(chain: string, keys: SealKeys, looking: Looking): ChainCheck {
  const nothingFound = { unknownKeys: new Set<string>(), displaced: [] };
  return { chain, keys, looking, before: [nothingBefore], head: undefined, ...nothingFound };
}

/** Checks the next row. After something wrong it goes on behind it, so that each is named where it is, once. */
export async function checkNext(check: ChainCheck, row: SealedEvent): Promise<readonly Finding[]> {
  const { chain } = check;
  const position = (check.head?.position ?? 0n) + 1n;
  const gap = row.position === position ? [] : [seals(chain, position, row.position - 1n)];
  if (gap.length > 0) check.before = [];
  const found = { chain, position: row.position, eventId: row.eventId, at: row.eventAt };
  const finding = await judge(check, row);
  check.head = { chain, position: row.position, seal: row.seal };
  return finding === undefined ? gap : [...gap, { ...found, ...finding }];
}

function seals(chain: string, position: bigint, until: bigint): Finding {
  const gone = { finding: 'seal_gone', chain, position } as const;
  return until > position ? { ...gone, otherPosition: until } : gone;
}

type Judgement = Pick<Finding, 'finding' | 'otherPosition' | 'keyId'>;

async function judge(check: ChainCheck, row: SealedEvent): Promise<Judgement | undefined> {
  const { before, chain } = check;
  const kept = [row.seal];
  check.before = kept;
  if (!check.keys.has(row.keyId)) return judgeUnknownKey(check, row);
  if (row.id === null) return await judgeMissing(check, row);
  const isInPlace = (row.company_id ?? chainOfNoCompany) === chain;
  if (before.length === 0) return isInPlace ? undefined : { finding: 'event_or_seal_changed' };
  const expected = sealsFor(check, row, { before, position: row.position });
  if (isInPlace && expected.some((seal) => equalInConstantTime(seal, row.seal))) return undefined;
  const owner = await findOwner(check, row, before);
  check.before = owner === undefined ? [...kept, ...expected] : [owner.seal, ...kept];
  if (owner === undefined) return { finding: 'event_or_seal_changed' };
  check.displaced.push(row);
  return { finding: 'reordered', otherPosition: owner.position };
}

/** Each key is told once, not at each of its seals. */
function judgeUnknownKey({ unknownKeys }: ChainCheck, { keyId }: SealedEvent): Judgement | undefined {
  if (unknownKeys.has(keyId)) return undefined;
  unknownKeys.add(keyId);
  return { finding: 'key_unknown', keyId };
}

async function judgeMissing({ looking }: ChainCheck, row: SealedEvent): Promise<Judgement> {
  const found = await looking.elsewhere(row);
  if (!found.isThere) return { finding: 'event_gone' };
  if (found.position === undefined) return { finding: 'event_or_seal_changed' };
  return { finding: 'reordered', otherPosition: found.position };
}

type Expecting = { readonly before: readonly Buffer[]; readonly position: bigint };

/** The seal that the row's event would have in this place, after each of the seals that may be before. */
function sealsFor(
  { chain, keys }: ChainCheck,
  row: SealedEvent,
  { before, position }: Expecting,
): readonly Buffer[] {
  const key = keys.get(row.keyId);
  if (key === undefined || row.id === null) return [];
  return before.map((previous) => sealOf(key, { chain, position, previous }, canonical(row)));
}

/** The row whose event belongs into the place of this one, and the seal it has there. */
async function findOwner(
  check: ChainCheck,
  row: SealedEvent,
  before: readonly Buffer[],
): Promise<{ position: bigint; seal: Buffer } | undefined> {
  const sealHere = (other: SealedEvent) =>
    sealsFor(check, other, { before, position: row.position }).find(
      (seal) => equalInConstantTime(seal, row.seal) || equalInConstantTime(seal, other.seal),
    );
  for (const other of check.displaced) {
    const seal = sealHere(other);
    if (seal !== undefined) return { position: other.position, seal };
  }
  for await (const other of check.looking.laterRows(row)) {
    const seal = sealHere(other);
    if (seal !== undefined) return { position: other.position, seal };
  }
  return undefined;
}
