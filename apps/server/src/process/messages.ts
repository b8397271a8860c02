/** A worker lives, listens, and answers as whoever asks for readiness expects. */
export type News = 'alive' | 'listening' | 'ready';

export type ToLead = { readonly worker: News };
/** Finish what runs and go: another already answers in your place. */
export type ToWorker = { readonly lead: 'retire' };

/** Others talk on the same line, so it is looked at before it is believed. */
export function newsOf(message: unknown): News | undefined {
  const told = fieldOf(message, 'worker');
  return told === 'alive' || told === 'listening' || told === 'ready' ? told : undefined;
}

export function isRetirement(message: unknown): boolean {
  return fieldOf(message, 'lead') === 'retire';
}

function fieldOf(message: unknown, name: string): unknown {
  return typeof message === 'object' && message !== null ? Reflect.get(message, name) : undefined;
}

export const beatEveryMs = 1_000;
