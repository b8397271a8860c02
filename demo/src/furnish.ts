import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DemoProviders } from './providers.ts';
import { openVisitor, RefusedError } from './visitor.ts';
import type { Visitor } from './visitor.ts';

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
 * Furnishes a new demo through the front door, as people would: Ada comes by Google and becomes the first admin, makes
 * projects, invites others, and links her GitHub account. What a start that was killed half-way has left is taken as
 * it is and completed. Then the folder is marked, and in a marked folder nobody signs in and nothing is done.
 */
export async function furnish(
  origin: string,
  { folder, providers: { github, google } }: { folder: string; providers: DemoProviders },
): Promise<void> {
  const marker = join(folder, 'demo-furnished');
  if (existsSync(marker)) return;
  github.signsInAs('ada');
  google.signsInAs('ada');
  try {
    await furnishAsAda(openVisitor(origin));
  } finally {
    github.signsInAs(undefined);
    google.signsInAs(undefined);
  }
  await writeFile(marker, '');
}

async function furnishAsAda(ada: Visitor): Promise<void> {
  await ada.signIn('google');
  for (const project of projects)
    await doneUnlessRefused('slug_taken', ada.post(`${company}/projects`, project));
  for (const invitation of invitations) await ada.post(`${company}/invitations`, invitation);
  await ada.post('/auth/logout');
  // GitHub vouches for an address that Ada's account holds: signing in to that account next links the two.
  const isLinked = await doneUnlessRefused('link_required', ada.signIn('github'));
  if (!isLinked) await ada.signIn('google');
  await ada.post('/auth/logout');
}

/** Whether it was done; false where it was refused for this reason. Throws what it throws otherwise. */
async function doneUnlessRefused(code: string, doing: Promise<unknown>): Promise<boolean> {
  try {
    await doing;
    return true;
  } catch (error) {
    if (error instanceof RefusedError && error.code === code) return false;
    throw error;
  }
}
