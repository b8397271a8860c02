import { Button } from '@mantine/core';
import { usePageTitle } from '../../lib/hooks.ts';
import { usePageHref } from '../../lib/page-context.ts';
import { en } from '../../messages/en.ts';

/** For a link that leads to no invitation. */
export function UnknownInvitation() {
  const href = usePageHref();
  usePageTitle(en.landing.unknownTitle);
  return (
    <div className="threshold-card">
      <div className="stack stack-close">
        <h1>{en.landing.unknownTitle}</h1>
        <p className="soft">{en.landing.unknownLead}</p>
      </div>
      <div>
        <Button component="a" href={href({ to: 'start' })}>
          {en.landing.start}
        </Button>
      </div>
    </div>
  );
}
