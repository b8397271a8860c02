import { recordEvent } from '../audit/index.ts';
import {
  actInCompany,
  askToJoin,
  decideJoinRequest,
  findCompanyId,
  resolveGrants,
  unknownGrant,
} from '../control-plane/index.ts';
import type { Caller, NamedGrant, Page } from '../control-plane/index.ts';
import type { Database } from '../db/scopes.ts';
import { enterCompany, inSystem } from '../db/scopes.ts';
import type { Clock } from '../kernel/clock.ts';
import { queueMails } from '../mail/index.ts';
import type { MailPolicy } from '../mail/index.ts';
import { companyName, findJoinRequest, listJoinRequests, readAsker } from './join-requests-view.ts';
import type { JoinRequestItem, JoinRequestPageRequest } from './join-requests-view.ts';

export type JoinRequestsDeps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly mailPolicy: MailPolicy;
};

type InCompany = { readonly caller: Caller; readonly slug: string };

/** Asks to become a member. Answers the same whether or not there is such a company, and whoever asks. */
export async function requestToJoin(
  { db, clock }: JoinRequestsDeps,
  { caller, slug }: InCompany,
): Promise<void> {
  const at = clock.now();
  const { userId, origin } = caller;
  await inSystem(db, async (tx) => {
    const companyId = await findCompanyId(tx, slug);
    if (companyId === undefined) return;
    if (caller.companyId !== undefined && caller.companyId !== companyId) return;
    const asker = await readAsker(tx, userId);
    const changes = await enterCompany(tx, companyId, (company) =>
      askToJoin(company, { companyId, userId, ...asker }, at),
    );
    for (const change of changes) {
      await recordEvent(tx, { ...change, actor: { kind: 'user', userId }, origin }, at);
    }
  });
}

export async function readJoinRequests(
  { db, clock }: JoinRequestsDeps,
  { page, ...who }: InCompany & { page: JoinRequestPageRequest },
): Promise<Page<JoinRequestItem>> {
  const request = { ...who, action: 'join_requests.read' } as const;
  return await actInCompany({ db, clock, record: recordEvent }, request, async (tx, { companyId }) => ({
    outcome: 'done',
    answer: await listJoinRequests(tx, companyId, page),
  }));
}

type Deciding = InCompany & {
  readonly requestId: string;
  /** What the person gets with the membership; undefined declines. */
  readonly grants: readonly NamedGrant[] | undefined;
};

/** @throws AppError `not_found`, `join_request_decided`, `request_invalid`, or what `actInCompany` throws */
export async function decideRequest(
  { db, clock, mailPolicy }: JoinRequestsDeps,
  { requestId, grants: named, ...who }: Deciding,
): Promise<JoinRequestItem> {
  const request = { ...who, action: 'join_requests.decide', target: requestId } as const;
  return await actInCompany({ db, clock, record: recordEvent }, request, async (tx, { companyId, at }) => {
    const grants = named && (await resolveGrants(tx, companyId, named));
    if (named !== undefined && grants === undefined) return unknownGrant;
    const asked = { companyId, requestId, decidedBy: who.caller.userId };
    const decision =
      grants === undefined ? { decides: 'declined' as const } : { decides: 'approved' as const, grants };
    const decided = await decideJoinRequest(tx, { ...asked, ...decision }, at);
    if (decided.outcome === 'refused') return decided;
    const { email } = decided.answer;
    if (grants !== undefined && email !== null) {
      const facts = { company: await companyName(tx, companyId) };
      const mail = { kind: 'join_approved', to: email, companyId, subjectId: requestId, facts } as const;
      await queueMails(tx, mailPolicy, { mails: [mail], at });
    }
    const item = await findJoinRequest(tx, { companyId, requestId });
    return item === undefined ? { outcome: 'refused', reason: 'not_found' } : { ...decided, answer: item };
  });
}
