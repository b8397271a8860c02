import type { FastifyRequest } from 'fastify';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { watchStreams } from './open-streams.ts';
import { openTraffic } from '../traffic.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** One stream that was let in just now. */
function openOne(isStillAdmitted: () => Promise<boolean>) {
  const traffic = openTraffic();
  const watch = watchStreams({ traffic, isStillAdmitted, knownUntilMs: () => undefined });
  const cut = vi.fn();
  // Nothing here looks into the request.
  const request = {} as FastifyRequest;
  const stream = watch.add({ request, admittedAtMs: performance.now(), cut });
  return { traffic, watch, cut, stream };
}

const never = () => new Promise<boolean>(() => undefined);
const failing = () => Promise.reject(new Error('the database is away'));

describe('what is open', () => {
  test('stays open for as long as it is confirmed', async () => {
    const isStillAdmitted = vi.fn(() => Promise.resolve(true));
    const { cut } = openOne(isStillAdmitted);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(cut).not.toHaveBeenCalled();
    expect(isStillAdmitted).toHaveBeenCalledTimes(240);
  });

  test('is cut off at the next look once it is refused, and once only', async () => {
    let isAdmitted = true;
    const { cut } = openOne(() => Promise.resolve(isAdmitted));
    await vi.advanceTimersByTimeAsync(1_010);
    isAdmitted = false;
    await vi.advanceTimersByTimeAsync(250);
    expect(cut).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(cut).toHaveBeenCalledOnce();
  });

  test.each([
    ['hangs', never],
    ['fails', failing],
  ])('is cut off within 900 ms where whoever is asked %s', async (_how, isStillAdmitted) => {
    const { cut } = openOne(isStillAdmitted);
    await vi.advanceTimersByTimeAsync(500);
    expect(cut).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(400);
    expect(cut).toHaveBeenCalledOnce();
  });

  test('survives a short silence', async () => {
    let asked = 0;
    const { cut } = openOne(() => (++asked % 3 === 0 ? Promise.resolve(true) : failing()));
    await vi.advanceTimersByTimeAsync(250 * 2);
    expect(cut).not.toHaveBeenCalled();
  });

  test('is not asked about once it is closed, and nothing is looked at where nothing is open', async () => {
    const isStillAdmitted = vi.fn(() => Promise.resolve(true));
    const { stream } = openOne(isStillAdmitted);
    stream.closed();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(isStillAdmitted).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('says goodbye when this process goes away, also if it was opened only then', () => {
    const { traffic, stream, cut } = openOne(never);
    const leave = vi.fn();
    stream.neverEnds(leave);
    traffic.drain({ isReplaced: false });
    expect(leave).toHaveBeenCalledOnce();
    const late = vi.fn();
    stream.neverEnds(late);
    expect(late).toHaveBeenCalledOnce();
    expect(cut).not.toHaveBeenCalled();
  });
});
