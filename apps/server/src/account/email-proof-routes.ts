import { EmailProof, EmailProofCode, EmailProofParams, MeAnswer, NewEmailProof } from '@gatehouse/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { originOf } from '../http/caller.ts';
import type { Door } from '../http/door.ts';
import { AppError } from '../kernel/errors.ts';
import type { OwnSession } from './routes.ts';

/** The session in which a mailbox is proven. */
type ProvingSession = OwnSession & {
  readonly kind: 'cookie' | 'tokens';
  readonly provedAt: Date;
  readonly lineageId: string;
  readonly connectionId: string;
  readonly lastSeenAt: Date;
};
type Prover = ProvingSession & { readonly origin: ReturnType<typeof originOf> };

export type EmailProofRoutesDeps = {
  /** @throws AppError `unauthenticated` */
  readonly sessionOf: (request: FastifyRequest) => Promise<ProvingSession>;
  readonly requestCode: (asked: {
    prover: Prover;
    email: string;
  }) => Promise<{ id: string; address: string; expiresAt: Date }>;
  readonly proveMailbox: (asked: {
    prover: Prover;
    proofId: string;
    code: string;
  }) => Promise<{ session: ProvingSession; token: string | undefined }>;
  readonly holdSession: (reply: FastifyReply, token: string, expiresAt: Date) => void;
  /** What `/api/v1/me` tells in this session, read anew. */
  readonly tellMe: (session: OwnSession) => Promise<MeAnswer>;
};

/** A person whose provider vouches for no address, or for another one, proves their mailbox. */
export function emailProofRoutes(
  app: Door,
  { sessionOf, requestCode, proveMailbox, holdSession, tellMe }: EmailProofRoutesDeps,
): void {
  const proverOf = async (request: FastifyRequest) => {
    const session = await sessionOf(request);
    // A company's own sign-in vouches within that company; what is the person's own it does not touch.
    if (session.companyId !== undefined) throw new AppError('forbidden');
    return { ...session, origin: originOf(request) };
  };

  app.post(
    '/api/v1/me/email-proofs',
    { schema: { body: NewEmailProof, response: { 202: EmailProof } } },
    async (request, reply) => {
      const prover = await proverOf(request);
      const { id, address, expiresAt } = await requestCode({ prover, email: request.body.email });
      return await reply.code(202).send({ id, email: address, expiresAt: expiresAt.toISOString() });
    },
  );

  app.post(
    '/api/v1/me/email-proofs/:id',
    { schema: { params: EmailProofParams, body: EmailProofCode, response: { 200: MeAnswer } } },
    async (request, reply) => {
      const prover = await proverOf(request);
      const { code } = request.body;
      const { session, token } = await proveMailbox({ prover, proofId: request.params.id, code });
      if (token !== undefined) holdSession(reply, token, session.expiresAt);
      return await tellMe(session);
    },
  );
}
