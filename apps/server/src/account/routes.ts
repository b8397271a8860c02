import { MeAnswer, MyInvitationParams } from '@gatehouse/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../http/caller.ts';
import type { SessionOfCaller } from '../http/caller.ts';
import type { Door } from '../http/door.ts';
import { secondMs } from '../kernel/clock.ts';
import type { MaybeLater } from '../kernel/maybe-later.ts';
import { readMe } from './me-view.ts';
import type { Me } from './me-view.ts';
import { acceptOwnInvitation, declineOwnInvitation } from './own-invitations.ts';
import type { AccountDeps, RenewSession } from './own-invitations.ts';

/** The part of a session that its own person is shown. */
export type OwnSession = SessionOfCaller & {
  readonly id: string;
  readonly signedInWith: string;
  readonly expiresAt: Date;
};

export type AccountRoutesDeps = AccountDeps & {
  /** @throws AppError `unauthenticated` */
  readonly sessionOf: (request: FastifyRequest) => Promise<OwnSession>;
  /** Oneself, as known; never older than a change that this process made. */
  readonly personOf: (userId: string) => MaybeLater<Me>;
  /** How a session is renewed, and its browser given the one in its place. None where nobody signs in. */
  readonly renewal?: {
    readonly renew: (session: OwnSession) => RenewSession;
    readonly hold: (reply: FastifyReply, token: string, maxAgeSeconds: number) => void;
  };
};

/** Accepting and declining answer like `/api/v1/me`: what has changed is there. */
export function accountRoutes(app: Door, { sessionOf, renewal, ...deps }: AccountRoutesDeps): void {
  const answerAnew = (session: OwnSession) => tellMe(deps, session);

  app.get('/api/v1/me', { schema: { response: { 200: MeAnswer } } }, async (request) => {
    const session = await sessionOf(request);
    return answerMe(await deps.personOf(session.userId), session, deps.clock.now());
  });

  app.post(
    '/api/v1/me/invitations/:id/accept',
    { schema: { params: MyInvitationParams, response: { 200: MeAnswer } } },
    async (request, reply) => {
      const session = await sessionOf(request);
      const renewed = await acceptOwnInvitation(deps, {
        caller: callerOf(request, session),
        invitationId: request.params.id,
        renew: renewal?.renew(session),
      });
      if (renewed === undefined) return await answerAnew(session);
      const { token } = renewed;
      const { id, expiresAt } = renewed.session;
      if (token !== undefined)
        renewal?.hold(reply, token, (expiresAt.getTime() - deps.clock.now().getTime()) / secondMs);
      return await answerAnew({ ...session, id });
    },
  );

  app.post(
    '/api/v1/me/invitations/:id/decline',
    { schema: { params: MyInvitationParams, response: { 200: MeAnswer } } },
    async (request) => {
      const session = await sessionOf(request);
      await declineOwnInvitation(deps, {
        caller: callerOf(request, session),
        invitationId: request.params.id,
      });
      return await answerAnew(session);
    },
  );
}

/** What `/api/v1/me` tells in this session, read anew. */
export async function tellMe({ db, clock }: AccountDeps, session: OwnSession): Promise<MeAnswer> {
  const at = clock.now();
  return answerMe(await readMe(db, { userId: session.userId, at }), session, at);
}

/** Oneself as this session sees it. */
function answerMe(me: Me, session: OwnSession, now: Date): MeAnswer {
  const { id, companyId, signedInWith, expiresAt } = session;
  const isVisible = (company: { readonly id: string }) => companyId === undefined || company.id === companyId;
  const companies = me.companies.filter(isVisible);
  const [only] = companies;
  return {
    user: me.user,
    session: {
      id,
      expiresAt: expiresAt.toISOString(),
      signedInWith,
      ...(companyId !== undefined && only !== undefined && { company: only.slug }),
    },
    companies: companies.map((one) => ({ ...one, projects: [...one.projects] })),
    invitations: me.invitations
      .filter((invitation) => isVisible(invitation.company) && invitation.expiresAt > now)
      .map(({ company: { slug, name }, expiresAt: endsAt, ...invitation }) => ({
        ...invitation,
        company: { slug, name },
        grants: [...invitation.grants],
        expiresAt: endsAt.toISOString(),
      })),
  };
}
