import { Button } from '@mantine/core';
import { usePageHref } from '../lib/page-context.ts';
import type { PageLink } from '../lib/pages.ts';
import { problemText } from '../lib/problem-choice.ts';
import { en } from '../messages/en.ts';
import { ProblemView } from './problem-view.tsx';

type SpentProps = {
  /** The page came without a link's token; else the server refused it. */
  readonly isLost: boolean;
  /** Where another mail is to be had. */
  readonly again: { readonly label: string; readonly page: PageLink };
};

/** The link of a mail that leads nowhere, and how to get another. */
export function SpentLink({ isLost, again }: SpentProps) {
  const href = usePageHref();
  const code = 'token_invalid';
  const words = en.spent;
  const text = isLost
    ? { ...problemText(code), title: words.lostTitle, happened: words.lost, next: words.lostNext }
    : problemText(code);
  return (
    <ProblemView text={text} code={code}>
      <Button component="a" href={href(again.page)}>
        {again.label}
      </Button>
      <Button component="a" variant="default" href={href({ to: 'sign-in' })}>
        {words.signIn}
      </Button>
    </ProblemView>
  );
}
