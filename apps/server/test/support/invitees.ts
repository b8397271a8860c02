import { Secret } from '../../src/kernel/secret.ts';
import { deriveKeys } from '../../src/keys/index.ts';
import { proofCodes } from '../../src/identity/index.ts';
import { signInAs } from './people.ts';
import type { Provider } from './people.ts';
import { environmentOf } from './world.ts';
import type { World } from './world.ts';

/** What a provider says of the address of somebody who was invited. */
export type Way = { readonly provider: Provider; readonly vouches: boolean };

let people = 0;

/** Somebody new, known to the provider by this address, which it vouches for or not. Returns their key. */
export function addPerson(w: World, { provider, vouches }: Way, email: string): string {
  people += 1;
  const key = `invitee-${String(people)}`;
  if (provider === 'github') {
    const listed = { email, primary: true, verified: vouches, visibility: null };
    w.github.people.add({
      key,
      id: 9_000 + people,
      login: key,
      name: key,
      publicEmail: null,
      emails: [listed],
    });
  }
  if (provider === 'google') {
    const sub = `99${String(people).padStart(10, '0')}`;
    const hd = email.slice(email.indexOf('@') + 1);
    w.google.people.add({
      key,
      sub,
      name: key,
      givenName: key,
      familyName: 'Test',
      email,
      isEmailVerified: vouches,
      hd,
    });
  }
  if (provider === 'azure') {
    const oid = `c0a80199-0000-4000-8000-${String(people).padStart(12, '0')}`;
    const tid = w.entra.directories.contoso;
    const facts = { key, tid, oid, name: key, preferredUsername: email, email };
    w.entra.people.add({ ...facts, ...(vouches && { xmsEdov: true }) });
  }
  return key;
}

/** The code in the newest mail to this mailbox. */
export async function codeFor(w: World, email: string): Promise<string> {
  const keys = deriveKeys([new Secret(masterKeyOf(w))], 'cloud/email-proof/v1');
  const [newest] = await w.sql<{ facts: { proofId: string } }>(
    `select facts from mails where kind = 'email_proof' and address = $1 order by id desc limit 1`,
    [email],
  );
  if (newest === undefined) throw new Error(`no code was sent to ${email}`);
  return proofCodes(keys.map(({ key }) => key)).codeOf(newest.facts.proofId);
}

function masterKeyOf(w: World): string {
  const key = environmentOf(w, w.publicOrigin, w.database)['SECRETS_KEY'];
  if (key === undefined) throw new Error('this world has no master key');
  return key;
}

/** A company with an administrator who is signed in, and a project. */
export async function openCompany(w: World, slug: string) {
  const key = addPerson(w, { provider: 'google', vouches: true }, `admin@${slug}.example`);
  const admin = await signInAs(w, 'google', key);
  await w.sql(
    `with made as (insert into companies (id, slug, name, status, created_at)
       values (gen_random_uuid(), $1, initcap($1), 'active', now()) returning id),
     listed as (insert into company_slugs (slug, company_id) select $1, id from made)
     insert into members (company_id, user_id, role, joined_at)
       select made.id, user_emails.user_id, 'admin', now() from made, user_emails where address = $2`,
    [slug, `admin@${slug}.example`],
  );
  const url = `/api/v1/companies/${slug}`;
  await admin.post(`${url}/projects`, { slug: 'apollo', name: 'Apollo' });
  return {
    admin,
    adminKey: key,
    url,
    slug,
    async invite(email: string): Promise<string> {
      const grants = [{ project: 'apollo', role: 'editor' }];
      const answer = (await admin.post(`${url}/invitations`, { emails: [email], grants })).json() as {
        results: { outcome: string; invitation: { id: string } }[];
      };
      const [result] = answer.results;
      if (result?.outcome !== 'invited') throw new Error(`not invited: ${JSON.stringify(answer)}`);
      return result.invitation.id;
    },
  };
}
