import { Button } from '@mantine/core';
import { usePageHref } from '../../lib/page-context.ts';
import { invitee } from '../../messages/en.ts';
import { Page } from '../../ui/page.tsx';
import { ProblemView, ProblemWays } from '../../ui/problem-view.tsx';
import type { ShownError } from './read-error.ts';

/** Where the server sends a browser whose navigation failed. Safe to reload and to share. */
export function ErrorPage({ error }: { readonly error: ShownError }) {
  const href = usePageHref();
  return (
    <Page kind="threshold">
      <ProblemView text={error.text} code={error.code} reference={error.reference}>
        {error.invitation && (
          <Button component="a" href={href({ to: 'invitation', ...error.invitation })}>
            {invitee.back}
          </Button>
        )}
        <ProblemWays
          text={error.text}
          hrefOf={(to) => href({ to })}
          isAfterAnother={error.invitation !== undefined}
        />
      </ProblemView>
    </Page>
  );
}
