import { join } from 'node:path';
import { describe, expect, onTestFinished } from 'vitest';
import { embeddedFolders } from '../support/embedded-folders.ts';
import { runToEnd, startCloud } from '../support/processes.ts';
import { environmentOf, test } from '../support/world.ts';
import type { World } from '../support/world.ts';

const second = 1_000;
const keyOf = (byte: number) => Buffer.alloc(32, byte).toString('base64');
/** What the world's server runs with, and its successor. */
const [oldKey, newKey] = [keyOf(7), keyOf(8)];

const script = join(import.meta.dirname, '../../src/rotate-keys.ts');
const keys = (w: World, args: readonly string[], changes: Readonly<Record<string, string>> = {}) =>
  runToEnd({ script, args, env: { ...environmentOf(w, w.publicOrigin, w.database), ...changes } });

type KeySet = { readonly keys: readonly { readonly kid: string }[] };

async function publishedTo(w: World): Promise<KeySet> {
  const answer = await w.browser.get('/.well-known/jwks.json');
  expect(answer.status, answer.body).toBe(200);
  // The route's own tests hold it to this.
  return answer.json() as KeySet;
}

const idsIn = (set: KeySet) => set.keys.map(({ kid }) => kid);

describe('npm run keys', () => {
  test('makes the next key, which the running server publishes', async ({ w }) => {
    const [first] = idsIn(await publishedTo(w));
    const made = await keys(w, ['rotate']);
    expect(made).toMatchObject({ code: 0, err: '' });
    const next = /^The key ([\w-]{43}) is published and signs from/.exec(made.out)?.[1];
    w.clock.advance(31 * second);
    expect(idsIn(await publishedTo(w))).toEqual([first, next]);
    const again = await keys(w, ['rotate', '--json']);
    expect(again).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(again.out)).toMatchObject({ outcome: 'already_waiting', keyId: next });
    expect(await w.count('signing_keys')).toBe(2);
    expect(
      await w.sql(`select subject_id, details->>'because' as because from audit_events
        where type = 'signing_key.rotated'`),
    ).toEqual([{ subject_id: next, because: 'commanded' }]);
  });

  test('lets another key sign at once where one has leaked, and takes the leaked one back', async ({ w }) => {
    const [leaked] = idsIn(await publishedTo(w));
    const refused = await keys(w, ['withdraw', String(leaked)]);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('rotate --now');
    const made = await keys(w, ['rotate', '--now', '--json']);
    // What the command prints is what the test is about.
    const { keyId } = JSON.parse(made.out) as { keyId: string };
    w.clock.advance(31 * second);
    const publishedUntil: unknown = expect.any(String);
    const listed = await keys(w, ['list', '--json']);
    expect(JSON.parse(listed.out)).toMatchObject({
      keys: [
        { keyId: leaked, state: 'retired', sealedUnder: 'first', publishedUntil },
        { keyId, state: 'signing', sealedUnder: 'first' },
      ],
    });
    expect(await keys(w, ['withdraw', String(leaked), '--json'])).toMatchObject({ code: 0, err: '' });
    w.clock.advance(31 * second);
    expect(idsIn(await publishedTo(w))).toEqual([keyId]);
    expect(
      await w.count(`audit_events where type = 'signing_key.withdrawn' and subject_id = '${String(leaked)}'`),
    ).toBe(1);
  });

  test('says under which key of SECRETS_KEY each is sealed, and shows none', async ({ w }) => {
    await publishedTo(w);
    const expected = {
      [oldKey]: 'the first',
      [`${newKey},${oldKey}`]: 'an older one',
      [newKey]: 'one that is missing',
    };
    for (const [list, told] of Object.entries(expected)) {
      const { code, out, err } = await keys(w, ['list'], { SECRETS_KEY: list });
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toContain(told);
      expect(out).not.toContain(oldKey);
    }
  });

  test('tells how it is used where it is mistyped', async ({ w }) => {
    for (const args of [['--help'], ['list', '--now'], ['withdraw']]) {
      const { code, out, err } = await keys(w, args);
      expect({ code, out }, args.join(' ')).toEqual({ code: 2, out: '' });
      expect(err).toMatch(/^Usage: npm run keys -- list/);
    }
    const unknown = await keys(w, ['withdraw', 'nothing']);
    expect(unknown).toMatchObject({ code: 1, out: '', err: 'There is no such key: npm run keys -- list\n' });
  });

  test('works beside the server of an embedded database, with the key that lies there', async () => {
    const folders = embeddedFolders();
    const dataDir = await folders.emptyFolder();
    onTestFinished(folders.clear);
    const env = { DATA_DIR: dataDir, CLOUDGRID_BFF_PORT: '0' };
    const cloud = await startCloud(env);
    const answer = await cloud.newBrowser().get('/.well-known/jwks.json');
    expect(answer.status, answer.body).toBe(200);
    const [kid] = idsIn(answer.json() as KeySet);
    const { code, out, err } = await runToEnd({ script, args: ['list', '--json'], env });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({ keys: [{ keyId: kid, state: 'signing', sealedUnder: 'first' }] });
    cloud.signal('SIGTERM');
    await cloud.end;
  }, 60_000);
});
