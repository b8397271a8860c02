import { NewInvitationsAnswer } from '@gatehouse/contract';
import { describe, expect, test } from 'vitest';
import type { NewMail } from '../../src/mail/index.ts';
import { addressOf, begin, invitationMail, mailScene, plainMail } from '../support/mail-scene.ts';

const scene = await mailScene();
const { house, work, mailer, queue } = scene;
const invitationId = '0198c2f4-0000-7000-8000-00000000000a';
const expiresAt = new Date(begin.getTime() + 600_000).toISOString();

/** Sends it, and reads what arrived. */
async function sent(mail: NewMail) {
  const mailbox = await scene.mailbox();
  work(mailer(mailbox));
  await queue([mail]);
  return await mailbox.newestTo(mail.to, 5_000);
}

const everyKind: readonly NewMail[] = [
  invitationMail('grace@acme.example', { invitationId }),
  {
    kind: 'project_access',
    to: addressOf('grace@acme.example'),
    facts: { company: 'Acme', inviter: 'Ada', project: 'Robots', role: 'viewer' },
  },
  {
    kind: 'email_proof',
    to: addressOf('grace@acme.example'),
    facts: { proofId: invitationId, askedBy: 'Grace Hopper', expiresAt },
  },
  {
    kind: 'identity_linked',
    to: addressOf('grace@acme.example'),
    facts: { provider: 'GitHub', at: begin.toISOString(), address: 'grace@navy.example' },
  },
  plainMail('grace@acme.example'),
];

describe('what a mail says', () => {
  test('an invitation: who invites, to what, as what, for which address, until when, and where to go', async () => {
    const { subject, text, html, from, headers } = await sent(everyKind[0] ?? plainMail('x@a.example'));
    expect(subject).toBe('You are invited to Acme Rockets');
    expect(from).toBe('"Gate of \\"Acme\\", Ltd." <gate@acme.example>');
    for (const shown of [text.replaceAll('\n', ' '), html]) {
      expect(shown).toContain('Ada Lovelace has invited you to join Acme Rockets.');
      expect(shown).toContain('Quarterly reports (editor)');
      expect(shown).toContain('grace@acme.example');
      expect(shown).toContain('18 May 2026 at 09:00 UTC');
      expect(shown).toContain(`https://gate.acme.example/invitations/${invitationId}`);
    }
    expect(headers.get('auto-submitted')).toBe('auto-generated');
    expect(headers.get('reply-to')).toBe('help@acme.example');
    expect(headers.get('to')).toBe('grace@acme.example');
  });

  test('a proof: who asks, the code, how long it lasts, and what to do if it was somebody else', async () => {
    const { subject, text, html } = await sent(everyKind[2] ?? plainMail('x@a.example'));
    for (const shown of [text.replaceAll('\n', ' '), html]) {
      expect(shown).toContain('Grace Hopper is signed in');
      expect(shown).toContain('012 345');
      expect(shown).toContain('until 4 May 2026 at 09:10 UTC');
      expect(shown).toContain('If it was not you');
    }
    expect(subject, 'lock screens show it').not.toMatch(/\d/);
    expect(JSON.stringify(await scene.rows())).not.toContain('012345');
  });

  test.each(everyKind.map((mail) => [mail.kind, mail] as const))(
    'M-04 %s: links lead to the configured host alone, nothing is fetched, and nothing secret is in an address',
    async (_kind, mail) => {
      const { text, html } = await sent(mail);
      const links = [...`${text}\n${html}`.matchAll(/https?:\/\/[^\s"<]+/g)].map(([link]) => new URL(link));
      for (const link of links) {
        expect(link.origin).toBe('https://gate.acme.example');
        expect([link.search, link.hash, link.username]).toEqual(['', '', '']);
      }
      expect(html).not.toMatch(/<(?:img|script|link|iframe|form|object|input)\b|url\(|@import|\bsrc=/i);
      expect(text.split('\n').every((line) => line.length <= 76 || line.startsWith('https://'))).toBe(true);
    },
  );
});

const hostile: readonly (readonly [string, string])[] = [
  ['a script', '<script>alert(1)</script><img src=x onerror=alert(1)>'],
  ['an address', 'Please go to https://evil.example/login now'],
  ['a domain', 'evil.example'],
  ['a domain in full-width dots', 'evil。example'],
  ['www', 'www.evil.example/path'],
  ['a mailbox', 'mail me at boss@evil.example'],
  ['a scheme without a host', 'javascript://alert(1)'],
  ['line ends', 'Ada\r\nBcc: victim@evil.example\r\n\r\nHello'],
  ['marks that turn text around', 'Ada\u202Eelpmaxe.live\u2066'],
  ['an end of an attribute', `"><a href='https://evil.example'>`],
  ['a name without end', 'Ada '.repeat(400)],
];

describe('M-03 what somebody typed', () => {
  test.each(hostile)('does nothing in a mail: %s', async (_what, typed) => {
    const names = { company: typed, inviter: typed, project: typed };
    const { subject, text, html, raw, headers, envelope } = await sent(
      invitationMail('grace@acme.example', { invitationId, ...names }),
    );
    const ours = /https:\/\/gate\.acme\.example\/\S*|grace@acme\.example|gate\.acme\.example/g;
    const theirs = `${subject}\n${text}`.replaceAll(ours, '');
    // What a mail program would make into a link: a dot or an @ between two characters, a scheme, a www.
    expect(theirs).not.toMatch(/[^\s.][.。．｡․][^\s.]|\S@\S|:\/\/|www\.\S/u);
    const withoutTags = html.replaceAll(/<[^>]*>/g, '\n').replaceAll(ours, '');
    expect(withoutTags.slice(withoutTags.indexOf('Join '))).not.toMatch(/[^\s.][.。．｡․][^\s.]|\S@\S|:\/\//u);
    expect([...html.matchAll(/<a [^>]*href="([^"]*)"/g)].map(([, href]) => href)).toEqual(
      Array.from({ length: 2 }, () => `https://gate.acme.example/invitations/${invitationId}`),
    );
    expect(html).not.toMatch(/<script|<img|onerror=[^&]*>/i);
    expect(subject).not.toMatch(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/u);
    expect(subject.length).toBeLessThanOrEqual('You are invited to '.length + 80);
    expect([...headers.keys()].sort()).toEqual(
      [
        'auto-submitted',
        'content-type',
        'date',
        'from',
        'message-id',
        'mime-version',
        'reply-to',
        'subject',
        'to',
      ].sort(),
    );
    expect(
      raw
        .split('\r\n\r\n')[0]
        ?.split('\r\n')
        .every((line) => line.length <= 78),
    ).toBe(true);
    expect(envelope.to).toEqual(['grace@acme.example']);
  });

  test.each(['Dr. Ada J.R. O’Neill', 'Zoë Müller-Łukasz', '株式会社アクメ', 'Acme & Söhne GmbH', 'محمد'])(
    'still reads as it was written: %s',
    async (name) => {
      const { subject, text, html } = await sent(
        invitationMail('grace@acme.example', { invitationId, company: name, inviter: name }),
      );
      const readable = name.replace('J.R.', 'J. R.');
      expect(subject).toBe(`You are invited to ${readable}`);
      expect(text.replaceAll('\n', ' ')).toContain(`${readable} has invited you`);
      expect(html).toContain(readable.replace('&', '&amp;'));
    },
  );
});

describe('M-02 to whom a mail goes', () => {
  test.each([
    `o'brien+a=b!#$%&*/?^_{|}~-x@acme.example`,
    'ada@xn--bcher-kva.example',
    `${'a'.repeat(64)}@${'b'.repeat(60)}.${'c'.repeat(60)}.example`,
    '-ada@acme.example',
    '=?utf-8?q?ada=40attacker.example=3e=00?=@victim.example',
  ])('the address in the envelope is the stored one, byte for byte: %s', async (address) => {
    const { envelope, headers } = await sent(plainMail(address));
    const [row] = await house.sql<{ address: string }>('select address from mails');
    expect(envelope).toEqual({ from: 'gate@acme.example', to: [row?.address] });
    expect(row?.address).toBe(address);
    expect(headers.get('to')).toBe(address);
  });

  test.each([
    '"e@attacker.example"@victim.example',
    'ada(comment)@victim.example',
    'friends: ada@victim.example, eve@attacker.example;',
    'ada@victim.example, eve@attacker.example',
    'ada@victim.example\r\n eve@attacker.example',
    'ada(nested (comment))@victim.example',
    '<ada@victim.example>',
    'ada@victim.example>,<eve@attacker.example',
    'ada@[127.0.0.1]',
  ])('what only looks like one address is none: %s', async (text) => {
    const companyId = await house.company(`m02-${String(Math.random()).slice(2)}`);
    const admin = await house.user('Ada');
    await house.member(companyId, admin, 'admin');
    const [company] = await house.sql<{ slug: string }>('select slug from companies where id = $1', [
      companyId,
    ]);
    const url = `/api/v1/companies/${company?.slug ?? ''}/invitations`;
    const answer = await house.by(admin).POST(url, { emails: [text], grants: [] });
    if (answer.status === 200)
      expect(answer.json(NewInvitationsAnswer).results.map(({ outcome }) => outcome)).toEqual([
        'email_invalid',
      ]);
    else expect(answer.status).toBe(400);
    expect(await house.sql('select email from invitations where company_id = $1', [companyId])).toEqual([]);
  });
});
