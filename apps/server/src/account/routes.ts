import { MeAnswer, MyInvitationParams } from '@gatehouse/contract';
import type { FastifyRequest } from 'fastify';
import { inSystem } from '../db/scopes.ts';
import { callerOf } from '../http/caller.ts';
import type { SessionOfCaller } from '../http/caller.ts';
import type { Door } from '../http/door.ts';
import { readMe } from './me-view.ts';
import { acceptOwnInvitation, declineOwnInvitation } from './own-invitations.ts';
import type { AccountDeps } from './own-invitations.ts';

/** The part of a session that its own person is shown. */
type OwnSession = SessionOfCaller & {
  readonly id: string;
  readonly signedInWith: string;
  readonly expiresAt: Date;
};

export type AccountRoutesDeps = AccountDeps & {
  /** @throws AppError `unauthenticated` */
  readonly sessionOf: (request: FastifyRequest) => Promise<OwnSession>;
};

/** Accepting and declining answer like `/api/v1/me`: what has changed is there. */
export function accountRoutes(app: Door, { sessionOf, ...deps }: AccountRoutesDeps): void {
  app.get('/api/v1/me', { schema: { response: { 200: MeAnswer } } }, async (request) =>
    answerMe(deps, await sessionOf(request)),
  );

  app.post(
    '/api/v1/me/invitations/:id/accept',
    { schema: { params: MyInvitationParams, response: { 200: MeAnswer } } },
    async (request) => {
      const session = await sessionOf(request);
      await acceptOwnInvitation(deps, {
        caller: callerOf(request, session),
        invitationId: request.params.id,
      });
      return await answerMe(deps, session);
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
      return await answerMe(deps, session);
    },
  );
}

async function answerMe({ db, clock }: AccountDeps, session: OwnSession): Promise<MeAnswer> {
  const { id, userId, companyId, signedInWith, expiresAt } = session;
  const me = await inSystem(db, (tx) => readMe(tx, { userId, companyId, at: clock.now() }));
  const company =
    companyId === undefined ? undefined : me.companies.find((one) => one.id === companyId)?.slug;
  return {
    user: me.user,
    session: {
      id,
      expiresAt: expiresAt.toISOString(),
      signedInWith,
      ...(company !== undefined && { company }),
    },
    companies: me.companies.map((one) => ({ ...one, projects: [...one.projects] })),
    invitations: me.invitations.map(({ expiresAt: endsAt, ...invitation }) => ({
      ...invitation,
      grants: [...invitation.grants],
      expiresAt: endsAt.toISOString(),
    })),
  };
}
