import { chainOfNoCompany } from '../audit/index.ts';
import type { ChainHead, Finding, Verified } from '../audit/index.ts';
import type { Json } from '../kernel/json.ts';

type Screen = { write(text: string): unknown; readonly isTTY?: boolean };

export type Telling = {
  /** One JSON object a line. */
  readonly isJson: boolean;
  /** What people call the company of a chain. */
  readonly slugOf: (chain: string) => Promise<string | undefined>;
  readonly out: Screen;
  /** Where it shows how far it has come, if that is a terminal. */
  readonly progress: Screen;
};

const meanings: Record<Finding['finding'], string> = {
  event_gone: 'the event was deleted',
  event_or_seal_changed: 'the event or its seal was changed',
  seal_gone: 'the seal was deleted',
  event_never_sealed: 'the event was slipped in, or its seal was deleted',
  reordered: 'the event is in the place of another',
  key_unknown: 'sealed under a key that is not in SECRETS_KEY',
  cut_off: 'the chain ends before the head that was kept',
  head_changed: 'the seal is another than the one that was kept',
};

/** Of a trail that is wrong everywhere. */
const mostTold = 1_000;

/** Tells people or programs what is found, as it is found. Resolves with whether the trail is intact. */
export async function tellVerification(
  verified: AsyncIterable<Verified>,
  telling: Telling,
): Promise<boolean> {
  const screen = showProgress(telling.progress);
  const tell = ({ text, json }: Line) => {
    screen.clear();
    telling.out.write(telling.isJson ? `${JSON.stringify(json)}\n` : `${text}\n`);
  };
  const sums = { chains: 0, seals: 0, waiting: 0, findings: 0 };
  for await (const one of verified) {
    if (one.kind === 'progress') screen.advance(one.read);
    else if (one.kind === 'waiting') sums.waiting += one.count;
    else if (one.kind === 'chain') {
      sums.chains += 1;
      sums.seals += Number(one.head.position);
      tell(
        lineOfHead(one.head, { company: await companyOf(telling, one.head.chain), isIntact: one.isIntact }),
      );
    } else {
      sums.findings += 1;
      if (sums.findings <= mostTold)
        tell(lineOfFinding(one.finding, await companyOf(telling, one.finding.chain)));
    }
  }
  tell(lineOfAll(sums));
  return sums.findings === 0;
}

type Line = { readonly text: string; readonly json: Json };

/** Null for what happened outside of all companies; the chain itself where its company is no more. */
async function companyOf({ slugOf }: Telling, chain: string): Promise<string | null> {
  return chain === chainOfNoCompany ? null : ((await slugOf(chain)) ?? chain);
}

function lineOfHead(
  { chain, position, seal }: ChainHead,
  { company, isIntact }: { company: string | null; isIntact: boolean },
): Line {
  const head = `${chain}:${String(position)}:${seal.toString('hex')}`;
  const state = isIntact ? 'intact' : 'BROKEN';
  return {
    text: `${state}  ${company ?? 'no company'}, ${String(position)} sealed, head ${head}`,
    json: { kind: 'chain', company, chain, isIntact, sealed: Number(position), head },
  };
}

function lineOfFinding(found: Finding, company: string | null): Line {
  const { finding, chain, position, otherPosition, eventId, at, keyId } = found;
  const places = [
    position === undefined ? undefined : `position ${String(position)}`,
    otherPosition === undefined
      ? undefined
      : finding === 'seal_gone'
        ? `to ${String(otherPosition)}`
        : `changed places with ${String(otherPosition)}`,
    eventId === undefined ? undefined : `event ${eventId}`,
    at === undefined ? undefined : `of ${at.toISOString()}`,
    keyId === undefined ? undefined : `key ${keyId}`,
  ].filter((place) => place !== undefined);
  return {
    text: `FOUND   ${company ?? 'no company'}, ${places.join(', ')}: ${finding}, ${meanings[finding]}`,
    json: {
      kind: 'finding',
      finding,
      company,
      chain,
      ...(position !== undefined && { position: Number(position) }),
      ...(otherPosition !== undefined && { otherPosition: Number(otherPosition) }),
      ...(eventId !== undefined && { eventId }),
      ...(at !== undefined && { at: at.toISOString() }),
      ...(keyId !== undefined && { keyId }),
    },
  };
}

type Sums = Readonly<Record<'chains' | 'seals' | 'waiting' | 'findings', number>>;

function lineOfAll({ chains, seals, waiting, findings }: Sums): Line {
  const isIntact = findings === 0;
  const found = isIntact ? 'The trail is intact' : `The trail is NOT intact, findings: ${String(findings)}`;
  const more = findings > mostTold ? `, of which the first ${String(mostTold)} are listed` : '';
  const read = `${String(seals)} events sealed in ${String(chains)} chains, ${String(waiting)} wait for their seal.`;
  return {
    text: `${found}${more}. ${read}`,
    json: { kind: 'end', isIntact, findings, chains, sealed: seals, waiting },
  };
}

const patienceMs = 1_000;
const showEveryMs = 200;

/** Nothing where it does not take long, or where nobody looks. */
function showProgress(screen: Screen) {
  const began = performance.now();
  let read = 0;
  let shownAt = 0;
  return {
    advance(more: number) {
      read += more;
      const now = performance.now();
      if (screen.isTTY !== true || now - began < patienceMs || now - shownAt < showEveryMs) return;
      shownAt = now;
      screen.write(`\r\u001B[KRead ${String(read)} seals and events …`);
    },
    clear() {
      if (shownAt > 0) screen.write('\r\u001B[K');
      shownAt = 0;
    },
  };
}
