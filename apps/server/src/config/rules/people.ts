import { parseDomain, parseEmailAddress } from '../../kernel/email-address.ts';
import type { EmailAddress } from '../../kernel/email-address.ts';
import type { Rule } from '../reading.ts';
import { listOf } from './lists.ts';
import type { NonEmpty } from './lists.ts';

const domain: Rule<string> = {
  expects: 'a domain name',
  parse(text) {
    const ascii = parseDomain(text);
    return ascii === undefined ? { wrong: 'is not a domain name' } : { value: ascii };
  },
};

/** In ASCII form, lower-cased. */
export const domains: Rule<NonEmpty<string>> = listOf(domain, {
  expects: 'domain names such as acme.example, separated by commas, without @ or *',
});

export const emailAddress: Rule<EmailAddress> = {
  expects: 'one address such as ada@acme.example',
  parse(text) {
    const address = parseEmailAddress(text);
    return address === undefined ? { wrong: 'is not an e-mail address' } : { value: address };
  },
};

/** An address with the name that mail programs show beside it (RFC 5322 §3.4). */
export type Mailbox = { readonly address: EmailAddress; readonly name?: string };

const namedMailbox = /^"?(?<name>[^"<>\\\p{Cc}]*)"?\s*<(?<address>[^<>]+)>$/u;

export const mailbox: Rule<Mailbox> = {
  expects: 'an address such as ada@acme.example, or Ada <ada@acme.example>',
  parse(text) {
    const named = namedMailbox.exec(text)?.groups;
    const address = parseEmailAddress(named?.['address'] ?? text);
    if (address === undefined) return { wrong: 'is not an e-mail address' };
    const name = named?.['name']?.trim() ?? '';
    return { value: name === '' ? { address } : { address, name } };
  },
};

const slugShape = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

export const slug: Rule<string> = {
  expects: '2 to 40 lower-case letters and digits, with single hyphens between them',
  parse: (text) =>
    text.length >= 2 && text.length <= 40 && slugShape.test(text)
      ? { value: text }
      : { wrong: 'is not a slug' },
};
