const key = 'gatehouse.lost-attempts';
const windowMs = 5 * 60_000;

type Loss = { readonly reference: string; readonly atMs: number };
type Shelf = Pick<Storage, 'getItem' | 'setItem'>;

function readLosses(text: string | null): Loss[] {
  return (text ?? '').split(' ').flatMap((entry) => {
    const [reference = '', at = ''] = entry.split('@');
    const atMs = Number(at);
    return at !== '' && Number.isFinite(atMs) ? [{ reference, atMs }] : [];
  });
}

/**
 * Notes that a sign-in of this tab came back without its attempt, and tells whether that happened more than once within
 * five minutes: then the browser isn't keeping our cookie. Reloading the same error counts once. Without a shelf the
 * browser refuses storage, cookies included.
 */
export function losesAttempts(shelf: Shelf | undefined, loss: Loss): boolean {
  if (!shelf) return true;
  const recent = readLosses(shelf.getItem(key)).filter(
    (earlier) => loss.atMs - earlier.atMs < windowMs && earlier.reference !== loss.reference,
  );
  const losses = [...recent, loss];
  shelf.setItem(key, losses.map(({ reference, atMs }) => `${reference}@${String(atMs)}`).join(' '));
  return losses.length > 1;
}
