import { Button } from '@mantine/core';

/**
 * Sends a form with an `AddressBox`. Leaving the box turns its text into chips, which move the button away under the
 * pointer; so pressing the button leaves the focus where it is.
 */
export const SendAddresses = ({ words }: { readonly words: string }) => (
  <div>
    <Button
      type="submit"
      onMouseDown={(event) => {
        event.preventDefault();
      }}
    >
      {words}
    </Button>
  </div>
);
