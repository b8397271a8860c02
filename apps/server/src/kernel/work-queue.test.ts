import { expect, test } from 'vitest';
import { openWorkQueue } from './work-queue.ts';

test('F-14 a few work at once, some wait, and everybody beyond is told at once when to come back', async () => {
  const queue = openWorkQueue({ name: 'hashes', atOnce: 2, waiting: 3 });
  const running = { now: 0, most: 0 };
  const release = Promise.withResolvers<undefined>();
  const work = async () => {
    running.now += 1;
    running.most = Math.max(running.most, running.now);
    await release.promise;
    running.now -= 1;
  };
  const all = Array.from({ length: 9 }, () => queue.run(work));
  const refused = await Promise.allSettled(all.slice(5));
  expect(refused.map((one) => one.status)).toEqual(refused.map(() => 'rejected'));
  await expect(all[8]).rejects.toMatchObject({ code: 'overloaded', context: { finding: 'hashes' } });
  release.resolve(undefined);
  expect((await Promise.allSettled(all)).filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  expect(running).toEqual({ now: 0, most: 2 });
  await expect(queue.run(() => Promise.resolve('again'))).resolves.toBe('again');
});

test('work that fails gives its place away', async () => {
  const queue = openWorkQueue({ name: 'hashes', atOnce: 1, waiting: 1 });
  const failing = queue.run(() => Promise.reject(new Error('broken')));
  const next = queue.run(() => Promise.resolve('fine'));
  await expect(failing).rejects.toThrow('broken');
  await expect(next).resolves.toBe('fine');
});
