import { Button } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { en } from '../../messages/en.ts';
import { Dialog } from '../../ui/dialog.tsx';

const words = en.access;

/** Asks before changes that aren't saved are lost with the page; the browser asks in its own words when the tab closes. */
export function LeaveGuard({ count }: { readonly count: number }) {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => count > 0 && current.pathname !== next.pathname,
    enableBeforeUnload: count > 0,
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return null;
  return (
    <Dialog title={words.leaveTitle} onClose={blocker.reset}>
      <p>{words.leave(count)}</p>
      <div className="buttons">
        <Button data-first onClick={blocker.reset}>
          {words.stay}
        </Button>
        <Button variant="default" onClick={blocker.proceed}>
          {words.reallyLeave}
        </Button>
      </div>
    </Dialog>
  );
}
