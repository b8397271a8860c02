import type { SystemTx } from '../db/scopes.ts';
import { equalInConstantTime } from '../kernel/tokens.ts';
import { chainIsClosedBefore, chainOfNoCompany } from './chain.ts';
import type { ChainHead } from './chain.ts';
import { headsOf } from './chain-heads.ts';
import { beginCheck, checkNext } from './check-chain.ts';
import type { ChainCheck, Finding, Looking, SealKeys } from './check-chain.ts';
import { lookUpByKey } from './look-up-by-key.ts';
import { goneWhileWaiting, nextEvents, nextSeals, positionOfTime, sealAt } from './sealed-events.ts';
import type { EventCursor, SealCursor, SealedEvent } from './sealed-events.ts';

const pageSize = 2_000;
/** How far an event in the wrong place is searched for. Farther away, both places are told without each other. */
const mostPagesAhead = 5;
/** Of one chain: who rewrote all of it is told at the beginning. */
const mostFindings = 20;

export type Verification = {
  /** Runs what reads a page in a transaction of its own. */
  readonly read: <T>(work: (tx: SystemTx) => Promise<T>) => Promise<T>;
  /** By key id; those that sealed earlier are needed too. */
  readonly keys: SealKeys;
  /** The only chain to look at; all unless told. */
  readonly chain?: string | undefined;
  /** Ends of chains that were kept elsewhere. */
  readonly keptHeads: readonly ChainHead[];
  readonly now: Date;
};

export type Verified =
  | { readonly kind: 'finding'; readonly finding: Finding }
  /** A chain was read to its end. */
  | { readonly kind: 'chain'; readonly head: ChainHead; readonly isIntact: boolean }
  /** So many more seals or events were read. */
  | { readonly kind: 'progress'; readonly read: number }
  /** So many more events wait for their seal, as they may. */
  | { readonly kind: 'waiting'; readonly count: number };

/**
 * Recomputes every chain from its beginning, then looks for events without a seal. Nothing is held but a page; what is
 * written meanwhile does no harm.
 */
export async function* verifyTrail(given: Verification): AsyncGenerator<Verified> {
  const read: Verification['read'] = (work) =>
    given.read(async (tx) => {
      const [, found] = await Promise.all([lookUpByKey(tx), work(tx)]);
      return found;
    });
  const verification = { ...given, read };
  yield* verifyChains(verification);
  yield* verifyKeptHeads(verification);
  yield* findUnsealed(verification);
}

async function* verifyChains(verification: Verification): AsyncGenerator<Verified> {
  const looking = lookInto(verification);
  let check: ChainCheck | undefined;
  let findings = 0;
  for await (const rows of pagesOfSeals(verification, { chain: chainOfNoCompany, position: 0n })) {
    for (const row of rows) {
      if (check?.chain !== row.chain) {
        if (check !== undefined) yield* endOf(check, findings);
        check = beginCheck(row.chain, verification.keys, looking);
        findings = 0;
      }
      if (findings >= mostFindings) {
        check.head = row;
        continue;
      }
      for (const finding of await checkNext(check, row)) {
        findings += 1;
        yield { kind: 'finding', finding };
      }
    }
    yield { kind: 'progress', read: rows.length };
  }
  if (check !== undefined) yield* endOf(check, findings);
}

function* endOf({ head }: ChainCheck, findings: number): Generator<Verified> {
  if (head === undefined) return;
  const { chain, position, seal } = head;
  yield { kind: 'chain', head: { chain, position, seal }, isIntact: findings === 0 };
}

async function* pagesOfSeals(
  { read, chain }: Pick<Verification, 'read' | 'chain'>,
  start: SealCursor,
): AsyncGenerator<readonly SealedEvent[]> {
  for (let after = start; ;) {
    const rows = await read((tx) => nextSeals(tx, { after, chain, limit: pageSize }));
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    if (rows.length < pageSize) return;
    after = last;
  }
}

function lookInto({ read }: Verification): Looking {
  return {
    async *laterRows({ chain, position }) {
      let pages = 0;
      for await (const rows of pagesOfSeals({ read, chain }, { chain, position })) {
        yield* rows;
        pages += 1;
        if (pages === mostPagesAhead) return;
      }
    },
    elsewhere: (row) => read((tx) => positionOfTime(tx, row)),
  };
}

async function* verifyKeptHeads({ read, keptHeads }: Verification): AsyncGenerator<Verified> {
  for (const { chain, position, seal } of keptHeads) {
    const found = await read((tx) => sealAt(tx, { chain, position }));
    if (found !== undefined && equalInConstantTime(found, seal)) continue;
    const finding = found === undefined ? 'cut_off' : 'head_changed';
    yield { kind: 'finding', finding: { finding, chain, position } };
  }
}

async function* findUnsealed(verification: Verification): AsyncGenerator<Verified> {
  const { read, chain } = verification;
  for (const { at, ...gone } of await read((tx) => goneWhileWaiting(tx, chain)))
    yield { kind: 'finding', finding: { finding: 'event_gone', ...gone, at } };
  for (let after: EventCursor = { exactAt: '-infinity', id: chainOfNoCompany }; ;) {
    const events = await read((tx) => nextEvents(tx, { after, chain, limit: pageSize }));
    yield* judgeUnsealed(
      verification,
      events.filter(({ isSealed }) => !isSealed),
    );
    yield { kind: 'progress', read: events.length };
    const last = events.at(-1);
    if (last === undefined || events.length < pageSize) return;
    after = last;
  }
}

type Unsealed = Awaited<ReturnType<typeof nextEvents>>[number];

/** An event may wait; one that nothing waits for, or that its chain does not take any more, was slipped in. */
async function* judgeUnsealed(
  { read, now }: Verification,
  events: readonly Unsealed[],
): AsyncGenerator<Verified> {
  const chains = [...new Set(events.map(({ chain }) => chain))];
  const heads = await read((tx) => headsOf(tx, chains));
  let count = 0;
  for (const { id: eventId, at, chain, isWaiting } of events) {
    const head = heads.get(chain);
    const mayWait = isWaiting && (head === undefined || at >= chainIsClosedBefore(head.eventAt, now));
    if (mayWait) count += 1;
    else yield { kind: 'finding', finding: { finding: 'event_never_sealed', chain, eventId, at } };
  }
  if (count > 0) yield { kind: 'waiting', count };
}
