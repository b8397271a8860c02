import { domainToASCII } from 'node:url';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerSession } from 'smtp-server';
import type { Gates } from './gates.ts';
import { refuseUnlessLoopback } from './loopback-server.ts';
import { refusalWords } from './mailbox-faults.ts';
import type { MailboxFault } from './mailbox-faults.ts';
import type { NewMail } from './mailbox-mails.ts';
import type { FaultSet, FaultSource } from './misbehave.ts';

type Manner = {
  readonly offersTls?: boolean;
  readonly login?: { readonly username: string; readonly password: string };
  readonly faults: FaultSource<MailboxFault>;
  readonly gates: Gates;
  readonly onMail: (mail: NewMail) => void;
};

type Answer = (error?: Error | null) => void;

export type SmtpListener = {
  readonly port: number;
  readonly connections: () => number;
  readonly close: () => Promise<void>;
};

export async function listenForMail(
  { host, port }: { host: string; port: number },
  manner: Manner,
): Promise<SmtpListener> {
  refuseUnlessLoopback(host);
  let connections = 0;
  const server = openServer(manner, (session, meeting) => {
    if (meeting.stage === 'mail_connection') connections += 1;
    const hangUp = (code?: number) => {
      hangUpOn(server, { sessionId: session.id, code });
    };
    void behave(manner, { ...meeting, envelope: () => envelopeOf(session), hangUp });
  });
  const usedPort = await listen(server, { host, port });
  return {
    port: usedPort,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
      }),
  };
}

function openServer(
  { login, offersTls = false }: Manner,
  meet: (session: SMTPServerSession, meeting: Meeting) => void,
): SMTPServer {
  return new SMTPServer({
    logger: false,
    disableReverseLookup: true,
    hideSTARTTLS: !offersTls,
    authOptional: login === undefined,
    allowInsecureAuth: true,
    closeTimeout: 50,
    onAuth({ username, password }, _session, done) {
      if (username === login?.username && password === login?.password) done(null, { user: username });
      else done(answering(535, '5.7.8 Authentication credentials invalid'));
    },
    onConnect(session, done) {
      meet(session, { stage: 'mail_connection', done });
    },
    onRcptTo({ address }, session, done) {
      meet(session, { stage: 'mail_recipient', done, address });
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        meet(session, { stage: 'mail_message', done, raw: Buffer.concat(chunks).toString('utf8') });
      });
    },
  });
}

function listen(server: SMTPServer, { host, port }: { host: string; port: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.on('error', reject); // later on: connections that break, which is what this is for
    const socket = server.listen(port, host === 'localhost' ? '127.0.0.1' : host, () => {
      const at = socket.address();
      if (at === null || typeof at === 'string') reject(new Error('No TCP address'));
      else resolve(at.port);
    });
  });
}

type Meeting = {
  readonly stage: 'mail_connection' | 'mail_recipient' | 'mail_message';
  readonly done: Answer;
  readonly address?: string;
  readonly raw?: string;
};

type Met = Meeting & {
  readonly envelope: () => NewMail['envelope'];
  readonly hangUp: (code?: number) => void;
};

async function behave({ faults, gates, onMail }: Manner, met: Met): Promise<void> {
  const { stage, done, address, raw } = met;
  await gates.pass(stage);
  const on = faults.take(stage);
  const code = codeOf(on) ?? (address === undefined ? undefined : codeFor(address));
  if (raw !== undefined && code === undefined && !loses(on)) onMail({ envelope: met.envelope(), raw });
  if (hangsUp(on) || code === 421) met.hangUp(code);
  else if (!hangs(on)) done(code === undefined ? null : answering(code));
}

function hangUpOn(server: SMTPServer, { sessionId, code }: { sessionId: string; code: number | undefined }) {
  for (const connection of server.connections) {
    if (connection.id !== sessionId) continue;
    const socket = connection._socket;
    if (code === undefined) socket.destroy();
    else socket.end(`${code} ${refusalWords[code] ?? ''}\r\n`);
  }
}

function envelopeOf({ envelope }: SMTPServerSession): NewMail['envelope'] {
  const { mailFrom, rcptTo } = envelope;
  return {
    from: mailFrom === false ? '' : onTheWire(mailFrom.address),
    to: rcptTo.map(({ address }) => onTheWire(address)),
  };
}

/** The library shows domains in their own letters; without SMTPUTF8, which nobody here speaks, they came in ASCII. */
function onTheWire(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at + 1)}${domainToASCII(address.slice(at + 1))}`;
}

/** Without any menu: mail to `bounce…@` always comes back. */
function codeFor(address: string): number | undefined {
  return address.startsWith('bounce') ? 550 : undefined;
}

type On = FaultSet<MailboxFault>;

const codes: Readonly<Partial<Record<MailboxFault, number>>> = {
  greeting_421: 421,
  recipient_421: 421,
  recipient_450: 450,
  recipient_452: 452,
  recipient_550: 550,
  recipient_554: 554,
  message_451: 451,
  message_452: 452,
  message_552: 552,
  message_554: 554,
};

function codeOf(on: On): number | undefined {
  // The keys of the table above, which `Object.entries` forgets.
  const pairs = Object.entries(codes) as [MailboxFault, number][];
  return pairs.find(([fault]) => on.has(fault))?.[1];
}

function loses(on: On): boolean {
  return on.has('message_hang') || on.has('message_dropped');
}

function hangs(on: On): boolean {
  const hanging = ['greeting_hang', 'recipient_hang', 'message_hang', 'message_kept_then_hang'] as const;
  return hanging.some((fault) => on.has(fault));
}

function hangsUp(on: On): boolean {
  return on.has('gone') || on.has('message_dropped') || on.has('message_kept_then_dropped');
}

function answering(responseCode: number, words = refusalWords[responseCode] ?? 'Refused'): Error {
  return Object.assign(new Error(words), { responseCode });
}
