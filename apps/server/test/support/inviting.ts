import { Invitation, MeAnswer, NewInvitationsAnswer, listOf } from '@gatehouse/contract';
import { expect } from 'vitest';
import type { House } from './house.ts';

/** Companies whose administrators invite, and people who answer. */
export function inviting(house: House) {
  let companies = 0;
  let people = 0;

  /** A new company with an administrator, and how they invite. */
  async function company() {
    companies += 1;
    const slug = `company-${String(companies)}`;
    const companyId = await house.company(slug);
    const admin = await house.user('Ada');
    await house.member(companyId, admin, 'admin');
    const url = `/api/v1/companies/${slug}/invitations`;
    return {
      slug,
      companyId,
      admin,
      url,
      invite: async (emails: string[], grants: object[] = []) => {
        const answer = await house.by(admin).POST(url, { emails, grants });
        expect(answer.status).toBe(200);
        return answer.json(NewInvitationsAnswer).results;
      },
      list: async (query = '') => (await house.by(admin).GET(`${url}${query}`)).json(listOf(Invitation)),
      revoke: async (id: string) => await house.by(admin).POST(`${url}/${id}/revoke`),
      events: async (type: string) =>
        (await house.events(type)).filter((event) => event.company_id === companyId),
    };
  }

  const newAddress = () => `person-${String((people += 1))}@acme.example`;
  const accept = (userId: string, id: string) => house.by(userId).POST(`/api/v1/me/invitations/${id}/accept`);
  const decline = (userId: string, id: string) =>
    house.by(userId).POST(`/api/v1/me/invitations/${id}/decline`);
  const me = async (userId: string) => (await house.by(userId).GET('/api/v1/me')).json(MeAnswer);

  return { company, newAddress, accept, decline, me };
}
