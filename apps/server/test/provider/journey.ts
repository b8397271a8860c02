import { expect } from 'vitest';
import { systemClock } from '../../src/kernel/clock.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import { AppError } from '../../src/kernel/errors.ts';
import type { ErrorCode } from '../../src/kernel/errors.ts';
import { openOutbound } from '../../src/kernel/outbound.ts';
import { startTrace } from '../../src/kernel/trace.ts';
import type { Trace } from '../../src/kernel/trace.ts';
import type { ProviderDeps } from '../../src/provider/authorization-code.ts';
import type { Provider, ProvenIdentity, Remembered } from '../../src/provider/provider.ts';

export const callbackUrl = new URL('http://localhost:3000/auth/callback');
export const state = 'state-of-this-attempt';

export function testDeps(changes: Partial<ProviderDeps> = {}): ProviderDeps {
  return { outbound: openOutbound(), clock: systemClock, ...changes };
}

/**
 * A clock that differs from the system's. What passes on it passes for limits and lifetimes of what is kept; the time
 * of day goes on as it was, since the stand-ins date their tokens by the system's clock.
 */
export function movableClock(aheadMs = 0): Clock & { pass(ms: number): void } {
  let passedMs = 0;
  return {
    now: () => new Date(Date.now() + aheadMs),
    monotonicMs: () => performance.now() + passedMs,
    pass: (ms) => {
      passedMs += ms;
    },
  };
}

/** A browser that has been at the provider and is back. */
export type Journey = {
  readonly callback: URL;
  readonly remembered: Remembered;
  readonly trace: Trace;
};

/** Departs, lets the provider's sign-in page answer at once, and stands at the callback. */
export async function travel(provider: Provider): Promise<Journey> {
  const { redirectTo, remembered } = await provider.begin({ callbackUrl, state, hints: {} });
  return { callback: await goTo(redirectTo), remembered, trace: startTrace(systemClock) };
}

export async function goTo(redirectTo: URL): Promise<URL> {
  const response = await fetch(redirectTo, { redirect: 'manual' });
  const location = response.headers.get('location');
  if (location === null) throw new Error(`No way back: ${response.status} ${await response.text()}`);
  return new URL(location, redirectTo);
}

export function arrive(provider: Provider, journey: Journey): Promise<ProvenIdentity> {
  return provider.finish({ ...journey, callbackUrl });
}

export async function signIn(provider: Provider): Promise<ProvenIdentity> {
  return arrive(provider, await travel(provider));
}

/** The refusal of a sign-in, and its trace; fails where the sign-in went through. */
export async function refusalOf(provider: Provider): Promise<AppError & { readonly trace: Trace }> {
  const journey = await travel(provider);
  const error = await caught(arrive(provider, journey));
  return Object.assign(error, { trace: journey.trace });
}

export async function caught(work: Promise<unknown>): Promise<AppError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('Nothing was refused');
}

export function expectError(error: AppError, code: ErrorCode, finding: string): void {
  expect({ code: error.code, finding: error.context.finding }).toEqual({ code, finding });
}
