import type { DemoProviders } from './providers.ts';
import { openVisitor } from './visitor.ts';

/** GitHub vouches for an address that Ada's account holds: signing in to that account next links the two. */
const linkRequired = 409;

const company = '/api/v1/companies/acme';

const projects = [
  { slug: 'reports', name: 'Quarterly reports' },
  { slug: 'warehouse', name: 'Warehouse robots' },
  { slug: 'lighthouse', name: 'Lighthouse' },
];

const invitations = [
  {
    emails: ['ada@contoso.example', 'ben@contoso.example'],
    grants: [{ project: 'reports', role: 'editor' }],
  },
  { emails: ['linus@kernel.example'], grants: [{ project: 'warehouse', role: 'viewer' }] },
  { emails: ['gina@gmail.com', 'late@acme.example'], grants: [] },
];

/**
 * Furnishes an empty demo through the front door, as people would: Ada comes by Google and becomes the first admin,
 * links her GitHub account, makes projects and invites others. Does nothing where somebody has been before.
 */
export async function furnish(origin: string, { github, google }: DemoProviders): Promise<void> {
  github.signsInAs('ada');
  google.signsInAs('ada');
  try {
    const ada = openVisitor(origin);
    await ada.signIn('google');
    // What our own API answers.
    const { items } = (await ada.get(`${company}/projects`)) as { items: unknown[] };
    if (items.length === 0) {
      for (const project of projects) await ada.post(`${company}/projects`, project);
      for (const invitation of invitations) await ada.post(`${company}/invitations`, invitation);
      await ada.post('/auth/logout');
      await ada.signIn('github', linkRequired);
      await ada.signIn('google');
    }
    await ada.post('/auth/logout');
  } finally {
    github.signsInAs(undefined);
    google.signsInAs(undefined);
  }
}
