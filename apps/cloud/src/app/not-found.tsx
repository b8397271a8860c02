import { Button } from '@mantine/core';
import { usePageTitle } from '../lib/hooks.ts';
import { usePageHref } from '../lib/page-context.ts';
import { en } from '../messages/en.ts';
import { Page } from '../ui/page.tsx';

export function NotFound() {
  const href = usePageHref();
  usePageTitle(en.notFound.title);
  return (
    <Page kind="threshold">
      <div className="threshold-card">
        <div className="stack stack-close">
          <h1>{en.notFound.title}</h1>
          <p className="soft">{en.notFound.lead}</p>
        </div>
        <div className="buttons">
          <Button component="a" href={href({ to: 'start' })}>
            {en.notFound.start}
          </Button>
        </div>
      </div>
    </Page>
  );
}
