import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { AppError } from '../kernel/errors.ts';
import { Secret } from '../kernel/secret.ts';
import { errorFacts, openLog } from './log.ts';

function capture() {
  const written: string[] = [];
  const log = openLog({ level: 'info', stream: { write: (line) => void written.push(line) } });
  return { log, written };
}

describe('a line of the log', () => {
  test.each([
    '\r\n{"level":"fatal"}',
    '\u001b[2J\u001b]0;x\u0007',
    '","level":"fatal',
    '\u2028\u2029',
    '\u009b2J\u007f',
  ])('stays one line of visible characters, whatever a stranger sends: %j (K-03)', (hostile) => {
    const { log, written } = capture();
    log.info({ address: hostile }, hostile);
    const line = written.join('');

    expect(line).toMatch(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]+\n$/);
    expect(JSON.parse(line)).toMatchObject({ level: 'info', address: hostile, msg: hostile });
  });

  test.each(['cookie', 'authorization', 'set-cookie', 'location', 'url', 'headers', 'body', 'query'])(
    'never tells a %s, even if somebody logs one',
    (name) => {
      const { log, written } = capture();
      log.info({ [name]: 'canary', answer: { [name]: 'canary' } });
      log.info({ req: { [name]: 'canary' }, res: { [name]: 'canary' }, secret: new Secret('canary') });
      expect(written.join('')).not.toContain('canary');
    },
  );

  test('tells of an error its code, its context and its causes, not what a driver hung on it', () => {
    const cause = Object.assign(new Error('refused'), { code: '28P01', parameters: ['canary'] });
    const facts = errorFacts(new AppError('storage_unavailable', { finding: 'pool' }, { cause }));
    expect(facts).toMatchObject({
      type: 'AppError',
      code: 'storage_unavailable',
      context: { finding: 'pool' },
      cause: { message: 'refused', code: '28P01' },
    });
    expect(JSON.stringify(facts)).not.toContain('canary');
  });

  test('ends, although causes go round in circles', () => {
    const error = new Error('circle');
    error.cause = error;
    expect(JSON.stringify(errorFacts(error)).match(/"circle"/g)).toHaveLength(5);
    expect(errorFacts('thrown text')).toEqual({ type: 'string' });
  });
});

test('nobody waits for a sink that does not read; what was dropped is told when it reads again (X-20)', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-log-'));
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const blocked = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
  const log = openLog({ level: 'info', stream: blocked });
  const kilobyte = 'x'.repeat(1_024);
  const startedAt = performance.now();
  for (let lines = 0; lines < 20_000; lines += 1) log.info(kilobyte);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  const buffer = Buffer.alloc(65_536);
  let text = '';
  const giveUpAt = performance.now() + 10_000;
  while (!text.includes('droppedLines') && performance.now() < giveUpAt) {
    await sleep(1);
    try {
      text += buffer.toString('latin1', 0, readSync(blocked, buffer));
    } catch {
      continue; // nothing there yet
    }
  }
  expect(text).toMatch(/"droppedLines":1\d{4}/);
  expect(text.length).toBeLessThan(2 * 1_024 * 1_024);
  closeSync(blocked);
  rmSync(folder, { recursive: true });
}, 20_000);
