import { afterAll, beforeEach } from 'vitest';
import { houseCookies, readCookie } from '../../src/http/cookies.ts';
import type { DoorOptions } from '../../src/http/door.ts';
import { addUpstream } from '../../src/http/upstream/upstream.ts';
import { AppError } from '../../src/kernel/errors.ts';
import { closeGracefully } from '../../src/http/drain.ts';
import { startUpstreamApp } from '../support/upstream-app.ts';
import type { UpstreamApp } from '../support/upstream-app.ts';
import { openProbedDoor } from './door-probe.ts';
import type { OpenedDoor } from './door-probe.ts';

export const gateOrigin = new URL('http://localhost:3000');
export const gateHost = gateOrigin.host;
export const hostLine = `Host: ${gateHost}`;
export const cookieLine = 'Cookie: gatehouse=ada';
export const signedIn = { host: gateHost, cookie: 'gatehouse=ada' };

type GateChanges = Partial<DoorOptions> & {
  readonly answerMs?: number;
};

/**
 * A door that lets in whoever the session cookie names, and has the application at `url` behind it. Eve's role is not
 * enough, and Gina is no member.
 */
export async function openGate(
  url: string,
  { answerMs = 2_000, ...changes }: GateChanges = {},
): Promise<OpenedDoor> {
  const publicOrigin = changes.publicOrigin ?? gateOrigin;
  const cookies = houseCookies(publicOrigin);
  return await openProbedDoor({
    publicOrigin,
    hasUpstream: true,
    ...changes,
    addRoutes: async (door) => {
      await addUpstream(door, {
        url: new URL(url),
        publicOrigin,
        cookies,
        mostHeadBytes: 65_536,
        answerMs,
        admit: ({ raw }) => {
          const who = readCookie(raw.headers.cookie, cookies.session.name);
          if (who === undefined) return Promise.reject(new AppError('unauthenticated'));
          if (who === 'eve') return Promise.reject(new AppError('forbidden', { finding: 'role_too_low' }));
          if (who === 'gina') return Promise.reject(new AppError('forbidden', { finding: 'not_a_member' }));
          return Promise.resolve({ 'x-auth-request-user': who });
        },
        isStillAdmitted: () => Promise.resolve(true),
        knownUntilMs: () => undefined,
        goOnPage: ({ code, context }, target) => {
          if (code === 'unauthenticated') return `/auth/app/sign-in?returnTo=${encodeURIComponent(target)}`;
          return context.finding === 'not_a_member' ? '/auth/app/account' : undefined;
        },
      });
    },
  });
}

/** One application with a gate before it for all tests of a file; each begins with nothing that the application has seen. */
export async function gateOfThisFile(): Promise<{ readonly app: UpstreamApp; readonly gate: OpenedDoor }> {
  const app = await startUpstreamApp();
  const gate = await openGate(app.url);
  beforeEach(() => {
    app.seen.length = 0;
    app.abandoned.length = 0;
  });
  afterAll(async () => {
    await closeGracefully(gate.app, { timeoutMs: 100 });
    await app.close();
  });
  return { app, gate };
}
