import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { startDemo } from './demo-process.ts';
import { expect, signIn, test } from './page-checks.ts';

const port = 3211;

/** Processes whose command line names the folder. */
function processesOf(dataDir: string): string[] {
  const lines = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.includes(dataDir) && !line.includes('ps -eo'));
}

/** A start of the demo that is expected to fail. */
async function startInVain(environment: Record<string, string>) {
  const child = spawn(process.execPath, ['demo/src/demo.ts'], {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 40_000,
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, printed };
}

/** Somebody else on that port of this machine. Answers how to leave it. */
async function occupy(taken: number): Promise<() => Promise<void>> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(taken, '127.0.0.1', resolve);
  });
  return async () => {
    await new Promise((resolve) => server.close(resolve));
  };
}

function standInsOf(output: string): string[] {
  return [...output.matchAll(/stand-in +http:\/\/localhost:(\d+)/g)].map(([, digits = '']) => digits);
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

test('a demo whose port is taken ends with one sentence and leaves no process', async () => {
  const dataDir = await mkdtemp(join('/tmp', 'gatehouse-demo-'));
  const leave = await occupy(port);
  try {
    const { code, printed } = await startInVain({ CLOUDGRID_BFF_PORT: String(port), DATA_DIR: dataDir });
    expect(printed).toBe(
      `Port ${String(port)} is taken. Free it, or say another: CLOUDGRID_BFF_PORT=3100 npm run demo\n`,
    );
    expect(code).toBe(1);
    expect(await readdir(dataDir)).toContain('database');
    expect(processesOf(dataDir)).toEqual([]);
  } finally {
    await leave();
    await rm(dataDir, { recursive: true, force: true });
  }
});

test('the stand-ins keep the ports by which people are known, and a taken one is told', async () => {
  const dataDir = await mkdtemp(join('/tmp', 'gatehouse-demo-'));
  const environment = { CLOUDGRID_BFF_PORT: String(port), DATA_DIR: dataDir };
  try {
    const first = await startDemo({ port, dataDir });
    const ports = standInsOf(first.output());
    expect(ports).toHaveLength(3);
    // The demo of the other tests has the usual ones.
    expect(ports).not.toContain('3101');
    expect(await first.stop()).toBe(0);

    const leave = await occupy(Number(ports[1]));
    const { code, printed } = await startInVain(environment).finally(leave);
    expect(code).toBe(1);
    expect(printed).toMatch(
      new RegExp(`^Port ${String(ports[1])} is taken.*DATA_DIR=\\S+-2 npm run demo\n$`),
    );
    expect(processesOf(dataDir)).toEqual([]);

    const second = await startDemo({ port, dataDir });
    expect(standInsOf(second.output())).toEqual(ports);
    expect(await second.stop()).toBe(0);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});

test('a mistake in the port of the demo is told as one, and nothing is made', async () => {
  const parent = await mkdtemp(join('/tmp', 'gatehouse-demo-'));
  try {
    const { code, printed } = await startInVain({
      CLOUDGRID_BFF_PORT: 'abc',
      DATA_DIR: join(parent, 'demo'),
    });
    expect(code).toBe(1);
    expect(printed).toMatch(
      /^CONFIG_INVALID: one mistake in the environment.*\n {2}CLOUDGRID_BFF_PORT .*\n$/,
    );
    expect(await readdir(parent)).toEqual([]);
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
});
