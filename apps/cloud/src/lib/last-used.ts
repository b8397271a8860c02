const key = 'gatehouse.last-used';
const providerId = /^[a-z][a-z0-9-]{0,31}$/;

type Shelf = Pick<Storage, 'getItem' | 'setItem'>;

/** Keeps which provider led to this session: its id, and nothing about the person. */
export function rememberLastUsed(shelf: Shelf | undefined, provider: string) {
  if (providerId.test(provider)) shelf?.setItem(key, provider);
}

/** The way to mark as last used. Nothing where there is one way only, or where the remembered one is gone. */
export function lastUsedAmong(shelf: Shelf | undefined, offered: readonly string[]): string | undefined {
  if (offered.length < 2) return undefined;
  const kept = shelf?.getItem(key);
  return offered.find((id) => id === kept);
}
