import {
  OwnIdentityList,
  OwnIdentityParams,
  OwnMfa,
  OwnPassword,
  PasswordChange,
  RecoveryCodes,
  StepUp,
  StepUpAnswer,
  TotpConfirmation,
  TotpEnrolment,
} from '@gatehouse/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { originOf } from '../../http/caller.ts';
import type { Door } from '../../http/door.ts';
import { referenceOf } from '../../http/reference.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Renewed } from '../own-invitations.ts';
import { listOwnIdentities, unlinkIdentity } from './own-identities.ts';
import type { OwnIdentitiesDeps } from './own-identities.ts';
import { confirmApp, enrolApp, readOwnMfa, removeApp, renewCodes } from './own-mfa.ts';
import type { OwnMfaDeps } from './own-mfa.ts';
import { changePassword, readOwnPassword } from './own-password.ts';
import type { OwnPasswordDeps } from './own-password.ts';
import type { Asking, SecureSession } from './secure.ts';
import { readStepUp, stepUp } from './step-up.ts';
import type { StepUpDeps } from './step-up.ts';

export type SecurityRoutesDeps = StepUpDeps &
  OwnPasswordDeps &
  OwnMfaDeps &
  OwnIdentitiesDeps & {
    /** @throws AppError `unauthenticated` */
    readonly sessionOf: (
      request: FastifyRequest,
    ) => Promise<SecureSession & { readonly companyId?: string | undefined }>;
    readonly holdSession: (reply: FastifyReply, token: string, expiresAt: Date) => void;
  };

/** What of the door these routes share: who asks, and how their browser is given the session that goes on. */
type Surface = {
  readonly askingOf: (request: FastifyRequest) => Promise<Asking>;
  readonly hold: (reply: FastifyReply, renewed: Renewed) => void;
};

/** One's own password, authenticator app and ways in. */
export function securityRoutes(app: Door, { sessionOf, holdSession, ...deps }: SecurityRoutesDeps): void {
  const surface: Surface = {
    async askingOf(request) {
      const session = await sessionOf(request);
      // A company's own sign-in vouches within that company; what is the person's own it does not touch.
      if (session.companyId !== undefined) throw new AppError('forbidden');
      return { session, origin: originOf(request), reference: referenceOf(request) };
    },
    hold(reply, { session, token }) {
      if (token !== undefined) holdSession(reply, token, session.expiresAt);
    },
  };
  stepUpRoutes(app, deps, surface);
  passwordRoutes(app, deps, surface);
  appRoutes(app, deps, surface);
  identityRoutes(app, deps, surface);
}

function stepUpRoutes(app: Door, deps: StepUpDeps, { askingOf, hold }: Surface): void {
  const path = '/api/v1/me/step-up';
  app.get(path, { schema: { response: { 200: StepUpAnswer } } }, async (request) => {
    const { freshUntil, ways } = await readStepUp(deps, await askingOf(request));
    return { freshUntil: freshUntil?.toISOString() ?? null, ways: [...ways] };
  });
  app.post(path, { schema: { body: StepUp } }, async (request, reply) => {
    hold(reply, await stepUp(deps, await askingOf(request), request.body));
    return await reply.code(204).send();
  });
}

function passwordRoutes(app: Door, deps: OwnPasswordDeps, { askingOf, hold }: Surface): void {
  const path = '/api/v1/me/password';
  app.get(path, { schema: { response: { 200: OwnPassword } } }, async (request) => {
    const { changedAt, ...own } = await readOwnPassword(deps, await askingOf(request));
    return { ...own, changedAt: changedAt?.toISOString() ?? null };
  });
  app.put(path, { schema: { body: PasswordChange } }, async (request, reply) => {
    hold(reply, await changePassword(deps, await askingOf(request), request.body));
    return await reply.code(204).send();
  });
}

function appRoutes(app: Door, deps: OwnMfaDeps, { askingOf, hold }: Surface): void {
  const path = '/api/v1/me/mfa';
  app.get(path, { schema: { response: { 200: OwnMfa } } }, async (request) => {
    const { enabledAt, recoveryCodesLeft } = await readOwnMfa(deps, await askingOf(request));
    return { totp: enabledAt && { enabledAt: enabledAt.toISOString() }, recoveryCodesLeft };
  });
  app.post(`${path}/totp`, { schema: { response: { 201: TotpEnrolment } } }, async (request, reply) =>
    reply.code(201).send(await enrolApp(deps, await askingOf(request))),
  );
  app.post(
    `${path}/totp/confirm`,
    { schema: { body: TotpConfirmation, response: { 200: RecoveryCodes } } },
    async (request, reply) => {
      const asking = await askingOf(request);
      const { recoveryCodes, renewed } = await confirmApp(deps, asking, request.body.code);
      hold(reply, renewed);
      return { recoveryCodes: [...recoveryCodes] };
    },
  );
  app.delete(`${path}/totp`, async (request, reply) => {
    hold(reply, await removeApp(deps, await askingOf(request)));
    return await reply.code(204).send();
  });
  app.post(`${path}/recovery-codes`, { schema: { response: { 200: RecoveryCodes } } }, async (request) => {
    const { recoveryCodes } = await renewCodes(deps, await askingOf(request));
    return { recoveryCodes: [...recoveryCodes] };
  });
}

function identityRoutes(app: Door, deps: OwnIdentitiesDeps, { askingOf }: Surface): void {
  const path = '/api/v1/me/identities';
  app.get(path, { schema: { response: { 200: OwnIdentityList } } }, async (request) => {
    const found = await listOwnIdentities(deps, await askingOf(request));
    const items = found.map(({ connectionId: connection, createdAt, lastSeenAt, ...identity }) => ({
      ...identity,
      connection,
      createdAt: createdAt.toISOString(),
      lastSeenAt: lastSeenAt.toISOString(),
    }));
    return { items, nextCursor: null };
  });
  app.delete(`${path}/:id`, { schema: { params: OwnIdentityParams } }, async (request, reply) => {
    await unlinkIdentity(deps, await askingOf(request), request.params.id);
    return await reply.code(204).send();
  });
}
