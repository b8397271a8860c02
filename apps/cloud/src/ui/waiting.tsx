import { Skeleton, VisuallyHidden } from '@mantine/core';
import { useLater } from '../lib/hooks.ts';
import { en } from '../messages/en.ts';

const flashMs = 300;

/** Grey shapes of what is coming, once waiting has lasted long enough to be noticed. */
export function Waiting({ heights, label }: { readonly heights: readonly number[]; readonly label: string }) {
  const isLong = useLater(flashMs);
  return (
    <div role="status" className="stack">
      {isLong && <VisuallyHidden>{label}</VisuallyHidden>}
      {isLong && heights.map((height, place) => <Skeleton key={place} height={height} radius="md" />)}
    </div>
  );
}

export const PageWaiting = () => (
  <>
    <h1 className="waiting-title">{en.loading}</h1>
    <Waiting label={en.stillLoading} heights={[44, 120, 180]} />
  </>
);
