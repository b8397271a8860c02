import { Button } from '@mantine/core';
import { en } from '../../messages/en.ts';

type PagesProps = {
  readonly place: number;
  readonly from: number;
  readonly count: number;
  readonly hasNext: boolean;
  readonly onPlace: (place: number) => void;
};

/** Which people of how many pages are in the table, and the way to the others. */
export const PeoplePages = ({ place, from, count, hasNext, onPlace }: PagesProps) => (
  <div className="list-foot">
    <p role="status" className="soft small">
      {en.access.page(from, from + count - 1)}
    </p>
    {place > 0 && (
      <Button
        variant="default"
        className="button-small"
        onClick={() => {
          onPlace(place - 1);
        }}
      >
        {en.list.previous}
      </Button>
    )}
    {hasNext && (
      <Button
        variant="default"
        className="button-small"
        onClick={() => {
          onPlace(place + 1);
        }}
      >
        {en.list.next}
      </Button>
    )}
  </div>
);
