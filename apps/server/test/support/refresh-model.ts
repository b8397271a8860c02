import { judgeRefresh, refreshGraceMs, rotatableSince } from '../../src/session/judge-refresh.ts';
import type { RefreshFacts, RefreshJudgement } from '../../src/session/judge-refresh.ts';

/**
 * The refresh of one token pair as a machine of small steps. Replicas share the database and nothing else, so each
 * request is a replica of its own that may end after any step: a crash, or an answer that is lost. A statement is two
 * steps, what it saw and what it could write, because others write in between. Time comes in thirds of the grace.
 */
export type World = {
  readonly now: number;
  readonly isAlive: boolean;
  readonly tokens: readonly Token[];
  /** Which token the browser's cookie holds, for all its tabs; null once it was told that it is signed out. */
  readonly jar: number | null;
  /** Which token somebody else copied. */
  readonly stolen: number | null;
  /** By who sent them; whoever waits for no answer has none. */
  readonly requests: Readonly<Record<Sender, Request | null>>;
  /** The newest token that the browser was ever given. */
  readonly newestGiven: number;
  /** What must never come about, once it has. */
  readonly broken?: string;
};

type Sender = (typeof senders)[number];
type Token = { readonly createdAt: number; readonly rotatedAt: number | null; readonly parent: number };

type Request = {
  readonly token: number;
  readonly sentAt: number;
  readonly step: 'sent' | 'looked' | 'judged_successor' | 'judged_replayed' | 'answered' | 'refused';
  /** By the clock of the replica that took it up. */
  readonly at: number;
  readonly look: number;
  /** Whether the statement saw the token rotated. */
  readonly sawRotatedAt: number | null;
  readonly answer: number;
  /** How many of this browser's answers are to arrive before this one. */
  readonly behind: number;
};

/** What may happen, and how the server does its part; a test spoils one of these to see an invariant break. */
export type Rules = {
  readonly horizon: number;
  readonly senders: readonly Sender[];
  /** By how much the replicas' clocks are ahead. */
  readonly clocks: readonly number[];
  /** Whether time may pass while a request is worked on. */
  readonly mayStall: boolean;
  /** Whether a tab waits while another of its browser asks, as ours do. */
  readonly tabsWait: boolean;
  /** Whether answers reach a browser in the order in which they were decided. */
  readonly inOrder: boolean;
  readonly judge: (facts: RefreshFacts, now: Date) => RefreshJudgement;
  readonly isConditional: boolean;
  readonly checksLeaf: boolean;
  readonly locksSession: boolean;
  readonly looks: number;
};

const tabs = ['tab', 'otherTab'] as const;
const senders = [...tabs, 'thief'] as const;
/** In ticks. */
const grace = 3;
const longestTrip = 1;

export const usualRules: Rules = {
  horizon: 8,
  senders: ['tab', 'otherTab'],
  clocks: [0],
  mayStall: false,
  tabsWait: false,
  inOrder: true,
  judge: judgeRefresh,
  isConditional: true,
  checksLeaf: true,
  locksSession: true,
  looks: 2,
};

export const firstWorld: World = {
  now: 0,
  isAlive: true,
  tokens: [{ createdAt: 0, rotatedAt: null, parent: -1 }],
  jar: 0,
  stolen: null,
  requests: { tab: null, otherTab: null, thief: null },
  newestGiven: 0,
};

/** Everything that may happen next, with its name. */
export function nextWorlds(world: World, rules: Rules): readonly (readonly [string, World])[] {
  const next: (readonly [string, World])[] = [];
  if (world.now < rules.horizon && mayTimePass(world, rules))
    next.push(['time passes', { ...world, now: world.now + 1 }]);
  if (world.isAlive) next.push(['the session is ended', { ...world, isAlive: false }]);
  if (rules.senders.includes('thief') && world.stolen === null && world.jar !== null)
    next.push(['the cookie is copied', { ...world, stolen: world.jar }]);
  for (const sender of rules.senders) {
    const request = world.requests[sender];
    if (request === null) {
      const token = sender === 'thief' ? world.stolen : world.jar;
      if (token !== null && !(rules.tabsWait && isAnyTabAsking(world)))
        next.push([`${sender} asks`, put(world, sender, asking(token, world.now))]);
      continue;
    }
    next.push([`${sender}'s request is lost`, settle(world, sender)]);
    for (const [name, after] of goOn(world, { sender, request }, rules))
      next.push([`${sender}: ${name}`, after]);
  }
  return next;
}

/** A way there and back is shorter than half the grace, and what the server does on it takes no time unless it stalls. */
function mayTimePass({ now, requests }: World, { mayStall }: Rules): boolean {
  return senders.every((sender) => {
    const request = requests[sender];
    if (request === null) return true;
    const isTravelling = request.at === -1 || request.step === 'answered' || request.step === 'refused';
    return now + 1 - request.sentAt <= longestTrip && (mayStall || isTravelling);
  });
}

function asking(token: number, now: number): Request {
  return { token, sentAt: now, step: 'sent', at: -1, look: 0, sawRotatedAt: null, answer: -1, behind: 0 };
}

function put(world: World, sender: Sender, request: Request | null): World {
  return { ...world, requests: { ...world.requests, [sender]: request } };
}

/** The request is over, and what was behind its answer moves up. */
function settle(world: World, sender: Sender): World {
  const wasInLine = sender !== 'thief' && world.requests[sender]?.step === 'answered';
  const other = sender === 'tab' ? 'otherTab' : 'tab';
  const { [other]: behind } = world.requests;
  const moved = wasInLine &&
    behind !== null && { [other]: { ...behind, behind: Math.max(0, behind.behind - 1) } };
  return { ...world, requests: { ...world.requests, [sender]: null, ...moved } };
}

function isAnyTabAsking({ requests }: World): boolean {
  return tabs.some((tab) => requests[tab] !== null);
}

type Going = { readonly sender: Sender; readonly request: Request };

function goOn(world: World, going: Going, rules: Rules): readonly (readonly [string, World])[] {
  const { sender, request } = going;
  switch (request.step) {
    case 'sent':
      return rules.clocks.map((ahead) => {
        const at = request.at === -1 ? world.now + ahead : request.at;
        const sawRotatedAt = tokenOf(world, request.token).rotatedAt;
        return [
          'looks',
          put(world, sender, { ...request, step: 'looked', at, sawRotatedAt, look: request.look + 1 }),
        ];
      });
    case 'looked':
      return [['writes', write(world, going, rules)]];
    case 'judged_successor':
      return [['reads the successor', readSuccessor(world, going, rules)]];
    case 'judged_replayed':
      return [
        ['ends the session', put({ ...world, isAlive: false }, sender, { ...request, step: 'refused' })],
      ];
    case 'answered':
    case 'refused':
      return rules.inOrder && request.behind > 0 ? [] : [['is answered', deliver(world, going, rules)]];
  }
}

/** The one conditional write, under the lock of the session, and what is made of it. */
function write(world: World, { sender, request }: Going, rules: Rules): World {
  const { token, at, sawRotatedAt } = request;
  const found = tokenOf(world, token);
  if (!world.isAlive && rules.locksSession) return put(world, sender, { ...request, step: 'refused' });
  const isUnused = rules.isConditional ? found.rotatedAt === null : sawRotatedAt === null;
  const didRotate = isUnused && moment(found.createdAt) <= rotatableSince(moment(at));
  const facts = {
    createdAt: moment(found.createdAt),
    rotatedAt: sawRotatedAt === null ? null : moment(sawRotatedAt),
    didRotate,
  };
  const judged = didRotate ? rotate(world, token, at) : world;
  switch (rules.judge(facts, moment(at))) {
    case 'rotated':
      return answer(judged, { sender, request }, judged.tokens.length - 1);
    case 'itself':
      return answer(judged, { sender, request }, token);
    case 'successor':
      return put(judged, sender, { ...request, step: 'judged_successor' });
    case 'replayed':
      return replayed(judged, { sender, request }, rules);
    case 'overtaken':
      return request.look < rules.looks
        ? put(judged, sender, { ...request, step: 'sent' })
        : { ...put(judged, sender, { ...request, step: 'refused' }), broken: 'a live session was refused' };
  }
}

function rotate(world: World, token: number, at: number): World {
  const used = world.tokens.map((one, index) => (index === token ? { ...one, rotatedAt: at } : one));
  const rotated = { ...world, tokens: [...used, { createdAt: at, rotatedAt: null, parent: token }] };
  return world.isAlive ? rotated : { ...rotated, broken: 'a token was made after the end of its session' };
}

function readSuccessor(world: World, going: Going, rules: Rules): World {
  const successor = world.tokens.findIndex(({ parent }) => parent === going.request.token);
  const isLeaf = tokenOf(world, successor).rotatedAt === null;
  return isLeaf || !rules.checksLeaf ? answer(world, going, successor) : replayed(world, going, rules);
}

/** What was decided while the session was alive may still be said after its end. */
function answer(world: World, { sender, request }: Going, token: number): World {
  const behind = tabs.filter((tab) => tab !== sender && world.requests[tab]?.step === 'answered').length;
  const answered = put(world, sender, { ...request, step: 'answered', answer: token, behind });
  const broken = wrongAnswer(world, request);
  return broken === undefined ? answered : { ...answered, broken };
}

/** A token that was answered, held against what really happened until then. */
function wrongAnswer(world: World, { token, at, step }: Request): string | undefined {
  const { rotatedAt } = tokenOf(world, token);
  if (!world.isAlive && step === 'looked') return 'a request was answered after the end of its session';
  if (rotatedAt !== null && at - rotatedAt >= grace) return 'a replay outside the window was accepted';
  const leaf = world.tokens.findIndex((one) => one.rotatedAt === null);
  const isNear = token === leaf || token === world.tokens[leaf]?.parent;
  return isNear ? undefined : 'a token two generations back was accepted';
}

function replayed(world: World, { sender, request }: Going, rules: Rules): World {
  const judged = put(world, sender, { ...request, step: 'judged_replayed' });
  const { rotatedAt } = tokenOf(world, request.token);
  const isOutside = rotatedAt !== null && request.at - rotatedAt >= grace;
  return isOutside || !isPunctual(rules)
    ? judged
    : { ...judged, broken: 'a retry within the window was refused' };
}

/** Where clocks differ, or a statement takes seconds, somebody may be signed out for nothing; nobody gets in by it. */
function isPunctual({ mayStall, clocks }: Rules): boolean {
  return !mayStall && clocks.length === 1;
}

function deliver(world: World, { sender, request }: Going, rules: Rules): World {
  const done = settle(world, sender);
  if (request.step === 'refused') return sender === 'thief' ? done : { ...done, jar: null };
  if (sender === 'thief') return { ...done, stolen: request.answer };
  const { answer: jar } = request;
  const goesBack = jar < world.newestGiven && isPunctual(rules);
  return {
    ...done,
    jar,
    newestGiven: Math.max(world.newestGiven, jar),
    ...(goesBack && { broken: 'the cookie went back to an older token' }),
  };
}

function tokenOf({ tokens }: World, index: number): Token {
  const token = tokens[index];
  if (token === undefined) throw new Error(`no token ${String(index)}`);
  return token;
}

function moment(tick: number): Date {
  return new Date((tick * refreshGraceMs) / grace);
}

/** What holds in every world, whatever led to it. */
export function brokenIn({ broken, tokens, isAlive }: World): string | undefined {
  if (broken !== undefined) return broken;
  const leaves = tokens.filter(({ rotatedAt }) => rotatedAt === null);
  if (isAlive && leaves.length !== 1) return `a session has ${String(leaves.length)} tokens that nobody used`;
  const parents = new Set(tokens.map(({ parent }) => parent));
  return parents.size === tokens.length ? undefined : 'a token has two successors';
}

/** The same for worlds that differ in nothing that could matter later. */
export function keyOf({ now, isAlive, tokens, jar, stolen, requests, newestGiven, broken }: World): string {
  const written = (request: Request | null) => (request === null ? '' : Object.values(request).join());
  const tabs = [requests.tab, requests.otherTab].map(written).sort(); // the two tabs are alike
  const made = tokens.map(({ createdAt, rotatedAt }) => `${String(createdAt)}-${String(rotatedAt)}`);
  return [now, isAlive, made, jar, stolen, tabs, written(requests.thief), newestGiven, broken].join('|');
}
