import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startDemo } from './demo-process.ts';
import { expect, signIn, test } from './page-checks.ts';

const port = 3211;

/** Processes whose command line names the folder. */
function processesOf(dataDir: string): string[] {
  const lines = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.includes(dataDir) && !line.includes('ps -eo'));
}

test('the demo survives a restart with whoever is signed in, and Ctrl-C leaves no process', async ({
  page,
}) => {
  const dataDir = await mkdtemp(join('/tmp', 'gatehouse-demo-'));
  try {
    const first = await startDemo({ port, dataDir });
    const lines = first.output().trimEnd().split('\n');
    expect(lines.findIndex((line) => line.includes('Gatehouse demo'))).toBeGreaterThanOrEqual(0);
    expect(lines.at(-1)).toContain('Ctrl-C');
    await page.goto(`http://localhost:${String(port)}/`);
    await signIn(page, /GitHub/, /^Ada/);
    await expect(page.getByRole('heading', { name: 'Acme' })).toBeVisible();
    expect(await first.stop()).toBe(0);
    expect(processesOf(dataDir)).toEqual([]);

    const second = await startDemo({ port, dataDir });
    await page.reload();
    await expect(page.getByRole('heading', { name: 'Acme' })).toBeVisible();
    expect(await second.stop()).toBe(0);
    expect(processesOf(dataDir)).toEqual([]);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});
