import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { databaseUrl } from '../support/databases.ts';
import { embeddedFolders, postmastersBelow } from '../support/embedded-folders.ts';
import { referenceOf } from '../support/matchers.ts';
import { explainScript, publicOrigin, runToEnd, startCloud } from '../support/processes.ts';
import { environmentOf, secret, test } from '../support/world.ts';
import type { StandIns } from '../support/world.ts';

const folders = embeddedFolders();

async function deployment(standIns: StandIns) {
  const dataDir = await folders.emptyFolder();
  onTestFinished(folders.clear);
  const withUrl = environmentOf(standIns, publicOrigin, '');
  const env = { ...withUrl, DATABASE_URL: undefined, SECRETS_KEY: undefined, DATA_DIR: dataDir };
  return { dataDir, env, explain: (...args: string[]) => runToEnd({ script: explainScript, args, env }) };
}

test('a reference is explained beside the running server and after it, without one secret', async ({
  standIns,
}) => {
  const { dataDir, env, explain } = await deployment(standIns);
  const cloud = await startCloud(env);
  const browser = cloud.newBrowser();
  standIns.google.signsInAs('ada');
  standIns.google.misbehave('wrong_nonce', 'once');
  const { callback, callbackUrl, authorizationUrl } = await browser.beginSignIn('google');
  const refused = await callback();
  expect(refused).toBeRefusedWith('provider_refused');
  const reference = referenceOf(refused);

  const beside = await explain(reference);
  expect(beside).toMatchObject({ code: 0, err: '' });
  expect(beside.out).toContain(`Reference  ${reference}`);
  expect(beside.out).toMatch(/Outcome {4}refused \(provider_refused\)/);
  expect(beside.out).toMatch(/id_token +FAILED .*nonce/);
  expect(beside.out).toMatch(/session +not reached/);
  const told = standIns.google.journal.last('token')?.form;
  const secrets = [
    secret,
    standIns.google.clientSecret,
    ...callbackUrl.searchParams.values(),
    authorizationUrl.searchParams.get('nonce'),
    told?.get('code_verifier'),
    ...browser.cookies.values(),
    'ada@acme.example',
  ].filter((value) => value != null && value.length > 8);
  expect(secrets.length).toBeGreaterThan(6);
  for (const value of secrets) expect(beside.out).not.toContain(value);

  const spoken = await explain(reference.slice(0, 4).toLowerCase(), reference.slice(4));
  expect(spoken.out).toBe(beside.out);
  expect((await browser.get('/api/v1/me')).status).toBe(401);

  cloud.signal('SIGTERM');
  await cloud.end;
  expect(await postmastersBelow(dataDir)).toEqual([]);
  expect(await explain(reference)).toMatchObject({ code: 0, out: beside.out });
  const unknown = await explain('BBBBBBBB');
  expect(unknown.code).toBe(1);
  expect(unknown.out).toMatch(/^No trace BBBBBBBB\. .*mistyped.*seven days.*no sign-in.*the log has a line/);
  expect(await postmastersBelow(dataDir)).toEqual([]);
}, 60_000);

test('what is no reference is told, with the characters of one', async ({ standIns }) => {
  const { explain } = await deployment(standIns);
  for (const args of [[], ['--help']]) {
    const { code, out, err } = await explain(...args);
    expect({ code, out }, args.join()).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^Usage: npm run explain -- <reference>/);
  }
  for (const args of [['x'], ['AAAAAAAA'], ['BBBBBBBBB'], ["'; drop table traces"]]) {
    const { code, out, err } = await explain(...args);
    expect({ code, out }, args.join()).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^That is no reference: .*2 to 9.*A, E, I, L, O and U\.\nUsage: npm run explain --/);
  }
});

test('in the wrong environment it says so, and makes neither a database nor a folder', async ({
  standIns,
}) => {
  const { dataDir, env, explain } = await deployment(standIns);
  const told = (folder: string) =>
    `There is no database in ${folder}. Run this with the environment of the server (its DATA_DIR or DATABASE_URL).\n`;
  expect(await explain('BBBBBBBB')).toMatchObject({ code: 1, out: '', err: told(dataDir) });
  expect(await readdir(dataDir)).toEqual([]);

  const nowhere = join(dataDir, 'data', 'cloud');
  const wrong = { ...env, DATA_DIR: nowhere };
  const missed = await runToEnd({ script: explainScript, args: ['BBBBBBBB'], env: wrong });
  expect(missed).toMatchObject({ code: 1, out: '', err: told(nowhere) });
  expect(await readdir(dataDir)).toEqual([]);

  const closed = { ...env, DATA_DIR: '/proc/version/data' };
  const unusable = await runToEnd({ script: explainScript, args: ['BBBBBBBB'], env: closed });
  expect(unusable).toMatchObject({ code: 1, out: '' });
  expect(unusable.err).toMatch(/^[^\n]+\n$/);
});

test('a database that no server has been started on yet is told in a sentence', async ({ standIns }) => {
  const { env } = await deployment(standIns);
  const dataDir = await folders.usedFolder();
  onTestFinished(folders.clearAll);
  const empty = await runToEnd({
    script: explainScript,
    args: ['BBBBBBBB'],
    env: { ...env, DATA_DIR: dataDir },
  });
  expect(empty).toMatchObject({ code: 1, out: '' });
  expect(empty.err).toBe('This database holds no traces: no server has been started on it yet.\n');
  expect(await postmastersBelow(dataDir)).toEqual([]);
}, 60_000);

test('a mistake in the environment, and a database that is away, are told in a sentence', async ({
  standIns,
}) => {
  const { env } = await deployment(standIns);
  const wrong = { ...env, CLOUDGRID_SESSION_SECRET: 'short' };
  const mistaken = await runToEnd({ script: explainScript, args: ['BBBBBBBB'], env: wrong });
  expect(mistaken.code).toBe(1);
  expect(mistaken.err).toMatch(/^CONFIG_INVALID: /);
  const away = {
    ...env,
    DATABASE_URL: 'postgres://gate:hidden-password@127.0.0.1:1/gate',
    SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
  };
  const gone = await runToEnd({ script: explainScript, args: ['BBBBBBBB'], env: away });
  expect(gone).toMatchObject({ code: 1, out: '' });
  expect(gone.err).toMatch(/^The database is not answering\. /);
  expect(gone.err).not.toContain('hidden-password');
});

test('a database that refuses is told in a sentence, without the password', async ({ standIns }) => {
  const missing = databaseUrl('no_such_database');
  const wrong = new URL(databaseUrl('postgres'));
  wrong.password = 'wrong-password';
  const refusals = { [missing]: /"no_such_database" does not exist/, [wrong.href]: /password .*failed/ };
  for (const [url, reason] of Object.entries(refusals)) {
    const env = environmentOf(standIns, publicOrigin, '');
    const told = await runToEnd({
      script: explainScript,
      args: ['BBBBBBBB'],
      env: { ...env, DATABASE_URL: url },
    });
    expect(told).toMatchObject({ code: 1, out: '' });
    expect(told.err).toMatch(/^Gatehouse could not explain: [^\n]+\n$/);
    expect(told.err).toMatch(reason);
    expect(told.err).not.toContain(new URL(url).password);
  }
});
