/** Everything that can be known without a database or a browser. Ends with 1 if anything is wrong. */
import { join } from 'node:path';
import { cacheFolder, forgetReports, root, runSteps, vitestStep } from './steps.ts';
import type { Step } from './steps.ts';

forgetReports();

const cacheOf = (tool: string) => join(cacheFolder, tool);

const types = (name: string, project: string): Step => ({
  name: `types: ${name}`,
  command: ['tsc', '-p', project, '--incremental', '--tsBuildInfoFile', cacheOf(`types-${name}.tsbuildinfo`)],
});

/** What the server loads once it has read its configuration; it is started from a build, so nothing else would tell. */
const loadsEverything = ['build-cloud', 'build-lead', 'process/serve']
  .map((name) => `await import(${JSON.stringify(join(root, `apps/server/src/${name}.ts`))});`)
  .join(' ');

/** That it complains about the configuration, and about nothing else, shows that plain Node can run what it has loaded. */
const starts = (
  name: string,
  file: string,
  { argument = 'BCDF-2345', endsWith = 1 }: { argument?: string; endsWith?: number } = {},
): Step => ({
  name: `starts: ${name}`,
  command: ['node', file, argument],
  env: { CLOUDGRID_NOT_A_VARIABLE: 'x' },
  isGood: ({ exitCode, output }) => exitCode === endsWith && output.includes('CONFIG_INVALID'),
});

/** The longest first, so that the cores end together. */
const steps: readonly Step[] = [
  {
    name: 'lint: eslint',
    command: [
      'eslint',
      '.',
      '--max-warnings',
      '0',
      '--cache',
      '--cache-strategy',
      'content',
      '--cache-location',
      cacheOf('eslint/'),
    ],
  },
  vitestStep('architecture'),
  types('server', 'tsconfig.json'),
  types('web', 'apps/cloud/tsconfig.json'),
  vitestStep('unit'),
  {
    name: 'lint: prettier',
    command: [
      'prettier',
      '--check',
      '--log-level',
      'warn',
      '--cache',
      '--cache-location',
      cacheOf('prettier'),
      '.',
    ],
  },
  { name: 'lint: knip', command: ['knip', '--no-progress'] },
  { name: 'documents are fresh', command: ['node', 'scripts/generate-docs.ts', '--check'] },
  starts('cloud', 'apps/server/src/cloud.ts'),
  {
    name: 'loads: server',
    command: ['node', '--input-type=module', '--eval', loadsEverything],
  },
  starts('explain', 'apps/server/src/explain.ts'),
  starts('keys', 'apps/server/src/rotate-keys.ts', { argument: 'list' }),
  starts('audit', 'apps/server/src/verify-audit.ts', { argument: 'verify', endsWith: 2 }),
];

const results = await runSteps(steps);
const failed = results.filter(({ passed }) => !passed).map(({ name }) => name);
console.log(failed.length === 0 ? 'The check passed.' : `The check failed: ${failed.join('; ')}.`);
process.exitCode = failed.length === 0 ? 0 : 1;
