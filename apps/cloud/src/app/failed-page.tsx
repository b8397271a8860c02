import { Button } from '@mantine/core';
import type { ApiProblem } from '../lib/api.ts';
import { usePageHref } from '../lib/page-context.ts';
import { problemText } from '../lib/problem-choice.ts';
import { readReference } from '../lib/reference.ts';
import { en } from '../messages/en.ts';
import { Page } from '../ui/page.tsx';
import { ProblemView } from '../ui/problem-view.tsx';

type FailedProps = { readonly problem: ApiProblem; readonly onRetry: () => void };

/** A page whose data couldn't be had. Trying again happens in place. */
export function FailedPage({ problem, onRetry }: FailedProps) {
  const href = usePageHref();
  return (
    <Page kind="threshold">
      <ProblemView
        text={problemText(problem.code)}
        code={problem.code}
        reference={readReference(problem.reference)}
      >
        <Button onClick={onRetry}>{en.retry}</Button>
        {problem.code === 'account_disabled' && (
          <Button component="a" variant="default" href={href({ to: 'switch-account' })}>
            {en.account.switch}
          </Button>
        )}
      </ProblemView>
    </Page>
  );
}
