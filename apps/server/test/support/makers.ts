import { dayMs } from '../../src/kernel/clock.ts';
import { newId } from '../../src/kernel/ids.ts';

/** Rows as they would have come about, written by the database's administrator. */
export function makers(sql: (text: string, values?: readonly unknown[]) => Promise<unknown>) {
  return {
    async user(name: string, email?: string): Promise<string> {
      const id = newTestId();
      await sql(`insert into users values ($1, $2, 'active', now())`, [id, name]);
      if (email !== undefined)
        await sql('insert into user_emails values ($1, $2, true, null, now())', [email, id]);
      return id;
    },
    async company(slug: string, status = 'active'): Promise<string> {
      const id = newTestId();
      await sql('insert into companies values ($1, $2, $3, $4, now(), null)', [
        id,
        slug,
        `The company ${slug}`,
        status,
      ]);
      await sql('insert into company_slugs values ($1, $2)', [slug, id]);
      return id;
    },
    async joinRequest(companyId: string, userId: string): Promise<string> {
      const id = newTestId();
      await sql(
        `insert into join_requests (company_id, id, user_id, display_name, status, created_at)
         values ($1, $2, $3, 'Asker', 'pending', now())`,
        [companyId, id, userId],
      );
      return id;
    },
    async member(companyId: string, userId: string, role = 'user'): Promise<void> {
      await sql('insert into members values ($1, $2, $3, now())', [companyId, userId, role]);
    },
    async project(companyId: string, slug: string): Promise<string> {
      const id = newTestId();
      await sql(`insert into projects values ($1, $2, $3, $4, 'active', now())`, [
        companyId,
        id,
        slug,
        `Project ${slug}`,
      ]);
      return id;
    },
    async projectRole(projectId: string, userId: string, role: string): Promise<void> {
      await sql('insert into project_members select company_id, id, $2, $3 from projects where id = $1', [
        projectId,
        userId,
        role,
      ]);
    },
    async invitation(
      companyId: string,
      email: string,
      more: { role?: string; expiresAt?: Date } = {},
    ): Promise<string> {
      const id = newTestId();
      const { role = 'user', expiresAt = new Date(Date.now() + dayMs) } = more;
      await sql(
        `insert into invitations values ($1, $2, $3, $4, 'pending', null, now(), $5, null, null, 'not_configured', null)`,
        [companyId, id, email, role, expiresAt],
      );
      await sql('insert into invitation_addresses values ($1, $2, $3)', [id, companyId, email]);
      return id;
    },
    async grant(invitationId: string, projectId: string, role: string): Promise<void> {
      await sql(
        `insert into invitation_grants select company_id, id, $2, $3, 'pending' from invitations where id = $1`,
        [invitationId, projectId, role],
      );
    },
  };
}

let made = 0;

/** Ids in the order in which they were made. */
function newTestId(): string {
  made += 1;
  return newId(new Date(Date.UTC(2020, 0, 1) + made));
}
