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
  /** The signal ends the connection. */
  send(envelope: Envelope, message: Buffer, signal: AbortSignal): Promise<SendOutcome>;
  isOpen(): boolean;
  hangUp(): void;
};

/** Connects and signs in as for a mail, and hangs up. Rejects with the error of the library. */
export async function greetServer(server: SmtpServer, signal: AbortSignal): Promise<void> {
  (await openLine(server, signal)).hangUp();
}

/** Rejects with the error of the library; what it means, `judgeFailure` says. */
export async function openLine(server: SmtpServer, signal: AbortSignal): Promise<Line> {
  const connection = new SMTPConnection(optionsFor(server));
  const line = watch(connection);
  const { isOpen, hangUp } = line;
  const reset = connection.reset.bind(connection);
  try {
    await line.asked(signal, (done) => {
      connection.connect(done);
    });
    if (server.login !== undefined) {
      const credentials = revealed(server.login);
      await line.asked(signal, (done) => {
        connection.login({ credentials }, done);
      });
    }
  } catch (error) {
    hangUp();
    throw error;
  }
  return {
    isOpen,
    hangUp,
    async send({ from, to }, message, stop) {
      const body = Readable.from([message], { objectMode: false });
      try {
        await line.asked(stop, (done) => {
          connection.send({ from, to: [to] }, body, done);
        });
        return { outcome: 'sent' };
      } catch (error) {
        const failure = judgeFailure(error, { hasBegun: body.readableDidRead });
        if (failure.outcome === 'unreachable' || body.readableDidRead) hangUp();
        else await line.asked(stop, reset).catch(hangUp);
        return failure;
      }
    },
  };
}

function optionsFor({ host, port, tls, timeoutMs }: SmtpServer) {
  return {
    host,
    port,
    secure: tls === 'tls',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    socketCloseTimeout: 0,
  };
}

function revealed({ username, password }: NonNullable<SmtpServer['login']>) {
  return { user: username, pass: password.reveal() };
}

type Done = (error?: Error | null) => void;

/** The library calls back, or tells by an event that it never will. */
function watch(connection: SMTPConnection) {
  let isOpen = true;
  const breaking = Promise.withResolvers<never>();
  breaking.promise.catch(() => undefined); // somebody may be waiting for it, or nobody
  const broke = (error: unknown) => {
    isOpen = false;
    breaking.reject(error);
  };
  connection.on('error', broke).once('end', () => {
    broke(new Error('the connection was closed'));
  });
  const hangUp = () => {
    isOpen = false;
    connection.close();
  };
  const cut = () => {
    broke(Object.assign(new Error('it took too long, or was stopped'), { code: 'ETIMEDOUT' }));
    hangUp();
  };
  return {
    isOpen: () => isOpen,
    hangUp,
    async asked(signal: AbortSignal, ask: (done: Done) => void): Promise<void> {
      if (signal.aborted) cut();
      signal.addEventListener('abort', cut, { once: true });
      const answer = new Promise<void>((resolve, reject) => {
        ask((error) => {
          if (error) reject(error);
          else resolve();
        });
      });
      await Promise.race([breaking.promise, answer]).finally(() => {
        signal.removeEventListener('abort', cut);
      });
    },
  };
}
