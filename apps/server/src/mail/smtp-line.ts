import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { EmailAddress } from '../kernel/email-address.ts';
import type { Secret } from '../kernel/secret.ts';
import { judgeFailure } from './judge-failure.ts';
import type { SendOutcome } from './judge-failure.ts';

export type SmtpServer = {
  readonly host: string;
  readonly port: number;
  readonly tls: 'starttls' | 'tls' | 'none';
  readonly login?: { readonly username: string; readonly password: Secret };
  /** For each: connecting, the greeting, every answer. */
  readonly timeoutMs: number;
};

export type Envelope = { readonly from: EmailAddress; readonly to: EmailAddress };

/** One connection to the mail server, for one mail at a time. */
export type Line = {
  send(envelope: Envelope, message: Buffer): Promise<SendOutcome>;
  isOpen(): boolean;
  /** Whether it has carried a mail: the server may have ended it since. */
  hasBeenUsed(): boolean;
  hangUp(): void;
};

/** Rejects with the error of the library; what it means, `judgeFailure` says. */
export async function openLine(server: SmtpServer, signal: AbortSignal): Promise<Line> {
  const connection = new SMTPConnection({
    host: server.host,
    port: server.port,
    secure: server.tls === 'tls',
    requireTLS: server.tls === 'starttls',
    ignoreTLS: server.tls === 'none',
    connectionTimeout: server.timeoutMs,
    greetingTimeout: server.timeoutMs,
    socketTimeout: server.timeoutMs,
    dnsTimeout: server.timeoutMs,
    socketCloseTimeout: 0,
  });
  const state = { isOpen: true, hasBeenUsed: false };
  const breaking = Promise.withResolvers<never>();
  breaking.promise.catch(() => undefined); // somebody may be waiting for it, or nobody
  const hangUp = () => {
    state.isOpen = false;
    signal.removeEventListener('abort', abort);
    connection.close();
  };
  const broke = (error: unknown) => {
    state.isOpen = false;
    breaking.reject(error);
  };
  const abort = () => {
    broke(Object.assign(new Error('the sending took too long or was stopped'), { code: 'ETIMEDOUT' }));
    hangUp();
  };
  connection.on('error', broke).once('end', () => {
    broke(new Error('the connection was closed'));
  });
  signal.addEventListener('abort', abort, { once: true });

  /** What the library answers, unless the connection breaks first. */
  const asked = (ask: (done: (error?: Error | null) => void) => void) =>
    Promise.race([
      breaking.promise,
      new Promise<void>((resolve, reject) => {
        ask((error) => {
          if (error) reject(error);
          else resolve();
        });
      }),
    ]);

  try {
    signal.throwIfAborted();
    await asked((done) => {
      connection.connect(done);
    });
    await logIn(connection, { login: server.login, asked });
  } catch (error) {
    hangUp();
    throw error;
  }
  return {
    isOpen: () => state.isOpen,
    hasBeenUsed: () => state.hasBeenUsed,
    hangUp,
    async send({ from, to }, message) {
      const body = Readable.from([message], { objectMode: false });
      try {
        await asked((done) => {
          connection.send({ from, to: [to] }, body, done);
        });
        state.hasBeenUsed = true;
        return { outcome: 'sent' };
      } catch (error) {
        const failure = judgeFailure(error, { hasBegun: body.readableDidRead });
        if (failure.outcome === 'unreachable' || body.readableDidRead) hangUp();
        else
          await asked((done) => {
            connection.reset(done);
          }).catch(hangUp);
        return failure;
      }
    },
  };
}

type Asked = (ask: (done: (error?: Error | null) => void) => void) => Promise<void>;

async function logIn(
  connection: SMTPConnection,
  { login, asked }: { login: SmtpServer['login']; asked: Asked },
): Promise<void> {
  if (login === undefined) return;
  const credentials = { user: login.username, pass: login.password.reveal() };
  await asked((done) => {
    connection.login({ credentials }, done);
  });
}
