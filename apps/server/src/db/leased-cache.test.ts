import { describe, expect, test } from 'vitest';
import { openForgetting } from './forgetting.ts';
import { openLeasedCache } from './leased-cache.ts';

type Person = { readonly id: string; readonly role: string };

/** A cache whose lease, clock and database are the test's. */
function openCache() {
  const forgetting = openForgetting();
  const state = { hasLease: true, nowMs: 0, role: 'admin', reads: 0 };
  const cache = openLeasedCache<Person>({
    freshness: {
      moment: () => forgetting.moment(),
      holds: (moment, subjects) => state.hasLease && forgetting.holds(moment, subjects),
    },
    clock: { now: () => new Date(state.nowMs), monotonicMs: () => state.nowMs },
    mostEntries: 100,
    subjectsOf: ({ id }) => [id],
  });
  const load = (): Promise<Person> => {
    state.reads += 1;
    return Promise.resolve({ id: 'ada', role: state.role });
  };
  return { cache, state, forgetting, load, read: (by = load) => cache.read('ada', by) };
}

describe('what a cache knows', () => {
  test('is read once and then repeated', async () => {
    const { read, state, cache } = openCache();
    for (let times = 0; times < 5; times += 1) expect(await read()).toEqual({ id: 'ada', role: 'admin' });
    expect(state.reads).toBe(1);
    expect(cache.stats()).toEqual({ hits: 4, misses: 1, entries: 1 });
  });

  test('is repeated under the lease only', async () => {
    const { read, state, cache } = openCache();
    await read();
    state.hasLease = false;
    state.role = 'user';
    expect(cache.peek('ada')).toBeUndefined();
    expect(await read()).toEqual({ id: 'ada', role: 'user' });
    expect(await read()).toEqual({ id: 'ada', role: 'user' });
    expect(state.reads).toBe(3);
  });

  test('is read again once it is forgotten', async () => {
    const { read, state, forgetting } = openCache();
    await read();
    state.role = 'user';
    forgetting.forget('ada');
    expect(await read()).toEqual({ id: 'ada', role: 'user' });
  });

  test('is asked for once by all who want it at the same time', async () => {
    const { read, state } = openCache();
    await Promise.all(Array.from({ length: 50 }, () => read()));
    expect(state.reads).toBe(1);
  });

  test('is asked for again by whoever comes after a note, while an older answer is on its way', async () => {
    const { read, state, forgetting } = openCache();
    const answer = Promise.withResolvers<Person>();
    const early = read(() => answer.promise);
    state.role = 'user';
    forgetting.forget('ada');
    expect(await read()).toEqual({ id: 'ada', role: 'user' });
    answer.resolve({ id: 'ada', role: 'admin' });
    await early;
    expect(await read()).toEqual({ id: 'ada', role: 'user' });
  });

  test('is not kept where there is nothing', async () => {
    const { cache, read } = openCache();
    expect(await read(() => Promise.resolve() as Promise<never>)).toBeUndefined();
    expect(cache.stats().entries).toBe(0);
  });

  test('is not kept when the reading fails, and the next one reads again', async () => {
    const { read } = openCache();
    await expect(read(() => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await read()).toEqual({ id: 'ada', role: 'admin' });
  });

  test('heals after five minutes, whatever was missed', async () => {
    const { read, state } = openCache();
    await read();
    state.role = 'user';
    state.nowMs += 5 * 60_000;
    expect(await read()).toEqual({ id: 'ada', role: 'admin' });
    state.nowMs += 1;
    expect(await read()).toEqual({ id: 'ada', role: 'user' });
  });

  test('that came too late to be true is read a second time', async () => {
    const { read, state, load } = openCache();
    let isFirst = true;
    const answered = await read(() => {
      if (isFirst) state.nowMs += 701;
      else state.role = 'user';
      isFirst = false;
      return load();
    });
    expect(answered).toEqual({ id: 'ada', role: 'user' });
  });

  test('that comes too late twice is no answer', async () => {
    const { read, state, load } = openCache();
    const slow = () => {
      state.nowMs += 701;
      return load();
    };
    await expect(read(slow)).rejects.toMatchObject({ code: 'storage_unavailable' });
  });
});
