import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { startDemo, startInVain } from './demo-process.ts';
import type { Demo } from './demo-process.ts';
import { expect, signIn, test as base } from './page-checks.ts';

const port = 3211;

type Fixtures = {
  /** Empty, and gone after the test. */
  dataDir: string;
  /** Starts the demo in that folder and waits until it is ready. It has ended after the test. */
  start: () => Promise<Demo>;
  /** Somebody else on that port of this machine, until the test is over. Answers how to leave it before. */
  occupy: (port: number) => Promise<() => Promise<void>>;
};

const test = base.extend<Fixtures>({
  // Playwright reads the names of fixtures from the pattern.
  dataDir: async ({}, use) => {
    const dataDir = await mkdtemp(join('/tmp', 'gatehouse-demo-'));
    await use(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  },
  start: async ({ dataDir }, use) => {
    const started: Demo[] = [];
    await use(async () => {
      const demo = startDemo({ port, dataDir });
      started.push(demo);
      await demo.ready;
      return demo;
    });
    await Promise.all(started.map((demo) => demo.stop()));
  },
  occupy: async ({}, use) => {
    const leaves: (() => Promise<void>)[] = [];
    await use(async (taken) => {
      const leave = await listenOn(taken);
      leaves.push(leave);
      return leave;
    });
    await Promise.all(leaves.map((leave) => leave()));
  },
});

async function listenOn(taken: number): Promise<() => Promise<void>> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(taken, '127.0.0.1', resolve);
  });
  return async () => {
    await new Promise((resolve) => server.close(resolve));
  };
}

/** Processes whose command line names the folder. */
function processesOf(dataDir: string): string[] {
  const lines = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.includes(dataDir) && !line.includes('ps -eo'));
}

function environmentIn(dataDir: string) {
  return { CLOUDGRID_BFF_PORT: String(port), DATA_DIR: dataDir };
}

function standInsOf(output: string): string[] {
  return [...output.matchAll(/stand-in +http:\/\/localhost:(\d+)/g)].map(([, digits = '']) => digits);
}

test('the demo survives a restart with whoever is signed in, and Ctrl-C leaves no process', async ({
  page,
  dataDir,
  start,
}) => {
  const first = await start();
  const lines = first.output().trimEnd().split('\n');
  expect(lines.findIndex((line) => line.includes('Gatehouse demo'))).toBeGreaterThanOrEqual(0);
  expect(lines.at(-1)).toContain('Ctrl-C');
  await page.goto(`http://localhost:${String(port)}/`);
  await signIn(page, /GitHub/, /^Ada/);
  await expect(page.getByRole('heading', { name: 'Acme' })).toBeVisible();
  expect(await first.stop()).toBe(0);
  expect(processesOf(dataDir)).toEqual([]);

  const second = await start();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Acme' })).toBeVisible();
  expect(await second.stop()).toBe(0);
  expect(processesOf(dataDir)).toEqual([]);
});

test('a demo that was killed before it was furnished is completed, and a furnished one is left alone', async ({
  page,
  dataDir,
  start,
}) => {
  const first = await start();
  expect(await first.stop()).toBe(0);
  await rm(join(dataDir, 'demo-furnished'));

  const second = await start();
  expect(await readdir(dataDir)).toContain('demo-furnished');
  await page.goto(`http://localhost:${String(port)}/`);
  await signIn(page, /GitHub/, /^Ada/);
  await expect(page.getByText('Lighthouse')).toHaveCount(1);
  expect(await second.stop()).toBe(0);

  const logFile = join(dataDir, 'cloud.log');
  expect(await readFile(logFile, 'utf8')).toContain('/auth/callback');
  await rm(logFile);
  const third = await start();
  expect(await third.stop()).toBe(0);
  expect(await readFile(logFile, 'utf8')).not.toContain('/auth/callback');
});

test('a file of the demo that is damaged is named, and nothing of it is printed', async ({ dataDir }) => {
  for (const name of ['demo-ports.json', 'demo-secrets.json']) {
    await writeFile(join(dataDir, name), '{"sessionSecret":"half-of-a-sec');
    const { code, printed } = await startInVain(environmentIn(dataDir));
    expect(code).toBe(1);
    expect(printed).toMatch(new RegExp(`^\\S+/${name} cannot be read: .*DATA_DIR=\\S+-2 npm run demo\n$`));
    expect(printed).not.toContain('half-of');
  }
});

test('a demo whose port is taken ends with one sentence and leaves no process', async ({
  dataDir,
  occupy,
}) => {
  await occupy(port);
  const { code, printed } = await startInVain(environmentIn(dataDir));
  expect(printed).toBe(
    `Port ${String(port)} is taken. Free it, or say another: CLOUDGRID_BFF_PORT=3100 npm run demo\n`,
  );
  expect(code).toBe(1);
  expect(await readdir(dataDir)).toContain('database');
  expect(processesOf(dataDir)).toEqual([]);
});

test('the stand-ins keep the ports by which people are known, and a taken one is told', async ({
  dataDir,
  start,
  occupy,
}) => {
  const first = await start();
  const ports = standInsOf(first.output());
  expect(ports).toHaveLength(3);
  // The demo of the other tests has the usual ones.
  expect(ports).not.toContain('3101');
  expect(await first.stop()).toBe(0);

  const leave = await occupy(Number(ports[1]));
  const { code, printed } = await startInVain(environmentIn(dataDir));
  await leave();
  expect(code).toBe(1);
  expect(printed).toMatch(new RegExp(`^Port ${String(ports[1])} is taken.*DATA_DIR=\\S+-2 npm run demo\n$`));
  expect(processesOf(dataDir)).toEqual([]);

  const second = await start();
  expect(standInsOf(second.output())).toEqual(ports);
  expect(await second.stop()).toBe(0);
});

test('a mistake in the port of the demo is told as one, and nothing is made', async ({ dataDir }) => {
  const { code, printed } = await startInVain({
    CLOUDGRID_BFF_PORT: 'abc',
    DATA_DIR: join(dataDir, 'demo'),
  });
  expect(code).toBe(1);
  expect(printed).toMatch(/^CONFIG_INVALID: one mistake in the environment.*\n {2}CLOUDGRID_BFF_PORT .*\n$/);
  expect(await readdir(dataDir)).toEqual([]);
});
