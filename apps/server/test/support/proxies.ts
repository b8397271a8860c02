import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort, isListening } from './ports.ts';
import { until } from './processes.ts';

const root = join(import.meta.dirname, '../../../..');

/** Where the two stand that the proxy leads to. */
export type Behind = { readonly gatehouse: URL; readonly application: URL };

type Layout = { readonly folder: string; readonly config: string; readonly port: number };

export type ProxyProgram = {
  readonly name: string;
  readonly isInstalled: boolean;
  /** `withAlpha`: with the block of the guide that asks for a project and a role below `/alpha/`. */
  start(behind: Behind, how?: { readonly withAlpha: boolean }): Promise<URL>;
};

type ProgramParts = {
  readonly name: string;
  readonly places: readonly string[];
  /** The configuration that we ship, from the root of the repository. */
  readonly file: string;
  readonly guide: string;
  /** Before which line of it the guide's block goes. */
  readonly placeOfBlocks: string;
  /** What in the shipped text says where things are, and what it is here. */
  readonly addresses: (port: number, behind: Behind) => readonly (readonly [string, string])[];
  /** Writes what the program needs beside our file; the arguments it is started with. */
  readonly furnish: (layout: Layout) => Promise<readonly string[]>;
};

/** Replaces every occurrence; one that does not occur means that the test and the file have grown apart. */
function replaceAddresses(text: string, addresses: readonly (readonly [string, string])[]): string {
  return addresses.reduce((changed, [from, to]) => {
    if (!changed.includes(from)) throw new Error(`the shipped file does not mention ${from}`);
    return changed.replaceAll(from, to);
  }, text);
}

async function addAlpha(text: string, { guide, placeOfBlocks }: ProgramParts): Promise<string> {
  const blocks = (await readFile(join(root, guide), 'utf8')).split(/^```.*\n/m);
  const block = blocks.find((one) => /^\s+(?:location|handle) \/alpha\//.test(one));
  if (block === undefined) throw new Error(`${guide} has no block for /alpha/`);
  return replaceAddresses(text, [[placeOfBlocks, `${block}${placeOfBlocks}`]]);
}

function proxyProgram(parts: ProgramParts): ProxyProgram {
  const { name, places, file, addresses, furnish } = parts;
  const program = places.find((place) => existsSync(place));
  return {
    name,
    isInstalled: program !== undefined,
    async start(behind, { withAlpha } = { withAlpha: false }) {
      if (program === undefined) throw new Error(`${name} is not installed`);
      const port = await freePort();
      const shipped = await readFile(join(root, file), 'utf8');
      const folder = await mkdtemp(join(tmpdir(), `gatehouse-${name}-`));
      // Started as root, nginx has its workers run as somebody else.
      await chmod(folder, 0o755);
      const config = join(folder, 'ours');
      const text = withAlpha ? await addAlpha(shipped, parts) : shipped;
      await writeFile(config, replaceAddresses(text, addresses(port, behind)));
      const args = await furnish({ folder, config, port });
      await run({ program, args, folder, port });
      return new URL(`http://127.0.0.1:${port}`);
    },
  };
}

type Run = {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly port: number;
};

async function run({ program, args, folder, port }: Run): Promise<void> {
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      HOME: folder,
      XDG_CONFIG_HOME: folder,
      XDG_DATA_HOME: folder,
      CADDY_ADMIN: `unix/${join(folder, 'admin')}`,
    },
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const gone = new Promise((resolve) => child.once('exit', resolve));
  onTestFinished(async () => {
    // Not SIGKILL: nginx would leave its workers behind.
    child.kill('SIGTERM');
    await gone;
    await rm(folder, { recursive: true, force: true });
  });
  await until(() => child.exitCode !== null || isListening(port));
  if (child.exitCode !== null) throw new Error(`${program} ended: ${said}`);
}

export const nginx = proxyProgram({
  name: 'nginx',
  places: ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/opt/homebrew/bin/nginx', '/usr/local/bin/nginx'],
  file: 'ops/nginx/gatehouse.conf',
  guide: 'docs/guides/nginx.md',
  placeOfBlocks: "  # Gatehouse's own addresses.\n",
  addresses: (port, { gatehouse, application }) => [
    ['listen 80;', `listen 127.0.0.1:${port};`],
    ['server_name app.example;', 'server_name localhost;'],
    ['127.0.0.1:3000', gatehouse.host],
    ['127.0.0.1:8080', application.host],
  ],
  async furnish({ folder, config }) {
    const main = join(folder, 'nginx.conf');
    const temporary = ['client_body', 'proxy', 'fastcgi', 'scgi', 'uwsgi'];
    const lines = [
      'daemon off;',
      `pid ${join(folder, 'pid')};`,
      'error_log stderr warn;',
      'worker_processes 1;',
      'events {}',
      'http {',
      'access_log off;',
      ...temporary.map((kind) => `${kind}_temp_path ${join(folder, kind)};`),
      `include ${config};`,
      '}',
    ];
    await writeFile(main, lines.join('\n'));
    return ['-p', folder, '-e', 'stderr', '-c', main];
  },
});

export const caddy = proxyProgram({
  name: 'caddy',
  places: ['/usr/bin/caddy', '/usr/local/bin/caddy', '/opt/homebrew/bin/caddy'],
  file: 'ops/caddy/Caddyfile',
  guide: 'docs/guides/caddy.md',
  placeOfBlocks: '\t\thandle {\n',
  addresses: (port, { gatehouse, application }) => [
    ['http://app.example {', `http://localhost:${port} {\n\tbind 127.0.0.1`],
    ['127.0.0.1:3000', gatehouse.host],
    ['127.0.0.1:8080', application.host],
  ],
  furnish: ({ config }) => Promise.resolve(['run', '--config', config, '--adapter', 'caddyfile']),
});
