const key = 'gatehouse.invitation';
const keptMs = 60 * 60_000;
const shape = /^([0-9a-f-]{36})@(\d{1,15})$/;

type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/**
 * Notes in this tab which invitation its reader is about to sign in for, so that a sign-in that fails leads back to it.
 * The id is no secret, and says nothing about the person.
 */
export function keepInvitation(shelf: Shelf | undefined, id: string, nowMs: number) {
  shelf?.setItem(key, `${id}@${String(nowMs)}`);
}

/** The invitation that a sign-in of this tab is for, if one was begun within the hour. */
export function keptInvitation(
  shelf: Pick<Storage, 'getItem'> | undefined,
  nowMs: number,
): string | undefined {
  const [, id, at] = shape.exec(shelf?.getItem(key) ?? '') ?? [];
  return id !== undefined && nowMs - Number(at) < keptMs ? id : undefined;
}

export function forgetInvitation(shelf: Shelf | undefined) {
  shelf?.removeItem(key);
}
