import { usePageHref } from '../../lib/page-context.ts';
import { foreignSignIn } from '../../messages/en.ts';
import { Page } from '../../ui/page.tsx';
import { ProblemView, ProblemWays } from '../../ui/problem-view.tsx';

/** For a link with somebody's token in it, followed in a browser that didn't begin that sign-in. */
export function ForeignSignIn() {
  const href = usePageHref();
  return (
    <Page kind="threshold">
      <ProblemView text={foreignSignIn} code="">
        <ProblemWays text={foreignSignIn} hrefOf={(to) => href({ to })} />
      </ProblemView>
    </Page>
  );
}
