/** Everything: the check, the behaviour through HTTP with a real database, and journeys in a real browser. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { countTests, reportFile, root, runStep, vitestStep } from './steps.ts';
import type { StepResult } from './steps.ts';

const browserPlaces = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** The check prints its own lines. */
function check(): boolean {
  const { status } = spawnSync(process.execPath, [join(root, 'scripts/check.ts')], {
    cwd: root,
    stdio: 'inherit',
  });
  return status === 0;
}

async function journeys(): Promise<StepResult | undefined> {
  const chromium = browserPlaces.find((place) => place !== undefined && place !== '' && existsSync(place));
  if (chromium === undefined) {
    const isCi = process.env['CI'] === 'true';
    const remedy = 'install chromium, or say in CHROMIUM_PATH where it is';
    console.log(`${isCi ? 'FAILED' : 'Skipped'}: the journeys in a browser need Chromium; ${remedy}.`);
    return isCi ? { name: 'journeys', passed: false, output: '' } : undefined;
  }
  return await runStep({
    name: 'tests: journeys',
    command: ['playwright', 'test', '-c', 'e2e/playwright.config.ts', '--reporter=list,json'],
    env: { ...process.env, CHROMIUM_PATH: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: reportFile('journeys') },
  });
}

const isChecked = check();
const built = await runStep({ name: 'build', command: ['node', 'scripts/build.ts'] });
const flows = await runStep(vitestStep('flows'));
const browser = await journeys();

const counts = ['architecture', 'unit', 'flows', 'journeys'].map(countTests);
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failedTests = counts.reduce((sum, count) => sum + count.failed, 0);
const isGood = isChecked && built.passed && flows.passed && browser?.passed !== false;
// Whatever failed without a test to its name (types, style, a build) counts as one.
const failed = failedTests === 0 && !isGood ? 1 : failedTests;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
