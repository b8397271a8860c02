/** Known now, or promised. Whoever is known now is answered without a turn of the event loop. */
export type MaybeLater<T> = T | Promise<T>;

export function andThen<T, R>(value: MaybeLater<T>, next: (value: T) => MaybeLater<R>): MaybeLater<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}
