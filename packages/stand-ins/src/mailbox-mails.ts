import { simpleParser } from 'mailparser';

/** A mail as it arrived. */
export type ArrivedMail = {
  readonly id: number;
  readonly at: Date;
  /** Whom the server was told it is from and for, byte for byte. */
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly raw: string;
  /** As its header says, with its angle brackets. */
  readonly messageId: string | undefined;
};

/** The same, taken apart. */
export type ReadMail = ArrivedMail & {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Lower-cased names, unfolded lines. */
  readonly headers: ReadonlyMap<string, string>;
};

export type NewMail = Pick<ArrivedMail, 'envelope' | 'raw'>;

type Waiting = { readonly what: string; readonly withinMs: number };

export function createMails({ keep, now }: { keep: number; now: () => Date }) {
  let mails: readonly ArrivedMail[] = [];
  let lastId = 0;
  const watchers = new Set<() => void>();
  return {
    add({ envelope, raw }: NewMail): void {
      lastId += 1;
      const messageId = /^message-id:\s*(<[^>]+>)/im.exec(headOf(raw))?.[1];
      mails = [...mails.slice(-(keep - 1)), { id: lastId, at: now(), envelope, raw, messageId }];
      for (const watcher of watchers) watcher();
    },
    /** Oldest first. */
    all: () => mails,
    find: (id: number) => mails.find((mail) => mail.id === id),
    clear() {
      mails = [];
    },
    /** What `find` finds, asked again whenever a mail arrives; throws once the time is over. */
    async waitFor<T>(find: () => T | undefined, { what, withinMs }: Waiting): Promise<T> {
      const there = Promise.withResolvers<T>();
      const look = () => {
        const found = find();
        if (found !== undefined) there.resolve(found);
      };
      watchers.add(look);
      const timer = setTimeout(() => {
        there.reject(new Error(`${what} did not arrive within ${withinMs} ms; there are ${mails.length}`));
      }, withinMs);
      look();
      return await there.promise.finally(() => {
        watchers.delete(look);
        clearTimeout(timer);
      });
    },
  };
}

export type Mails = ReturnType<typeof createMails>;

function headOf(raw: string): string {
  const end = raw.indexOf('\r\n\r\n');
  return end < 0 ? raw : raw.slice(0, end);
}

/** Links stay text, and pictures inside the mail are not put into the HTML. */
export async function readMail(mail: ArrivedMail): Promise<ReadMail> {
  const { subject, text, html, from, to } = await simpleParser(mail.raw, {
    skipImageLinks: true,
    skipTextLinks: true,
    skipTextToHtml: true,
    skipHtmlToText: true,
  });
  return {
    ...mail,
    from: from?.text ?? '',
    to: (Array.isArray(to) ? to : [to]).flatMap((one) => one?.text ?? []).join(', '),
    subject: subject ?? '',
    text: text ?? '',
    html: html === false || html === undefined ? '' : html,
    headers: headersOf(mail.raw),
  };
}

function headersOf(raw: string): ReadonlyMap<string, string> {
  const lines = headOf(raw)
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  return new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}
