import { Member, listOf } from '@gatehouse/contract';
import { beforeEach } from 'vitest';
import type { House } from './house.ts';

/** A new company for each test, with Ada as its administrator, and what its members do. */
export function membersOf(house: House) {
  let companies = 0;
  const here = { slug: '', companyId: '', ada: '' };

  beforeEach(async () => {
    companies += 1;
    here.slug = `company-${String(companies)}`;
    here.companyId = await house.company(here.slug);
    here.ada = await join('Ada', { role: 'admin', email: `ada-${String(companies)}@acme.example` });
  });

  async function join(
    name: string,
    { role = 'user', email }: { role?: string; email?: string } = {},
  ): Promise<string> {
    const userId = await house.user(name, email);
    await house.member(here.companyId, userId, role);
    return userId;
  }

  const url = (userId?: string) =>
    `/api/v1/companies/${here.slug}/members${userId === undefined ? '' : `/${userId}`}`;
  const list = async (query = '', who = here.ada) =>
    (await house.by(who).GET(`${url()}${query}`)).json(listOf(Member));
  return {
    here,
    join,
    url,
    list,
    setRole: (who: string, userId: string, role: string) => house.by(who).PATCH(url(userId), { role }),
    remove: (who: string, userId: string) => house.by(who).DELETE(url(userId)),
    admins: async () => (await list()).items.filter(({ role }) => role === 'admin').length,
    eventsHere: async (type: string) =>
      (await house.events(type)).filter((event) => event.company_id === here.companyId),
  };
}
