import type { ReactNode } from 'react';
import { useNotice, usePageHref } from '../lib/page-context.ts';
import { en } from '../messages/en.ts';
import { Arches, Logo } from './logo.tsx';
import './page.css';
import { SchemeChoice } from './scheme-choice.tsx';

type PageProps = {
  /** `threshold`: one card in the middle, before or beside the door. `inside`: a page to work on. */
  readonly kind: 'threshold' | 'inside';
  /** What stands at the end of the header: the account of whoever is signed in. */
  readonly account?: ReactNode;
  readonly children: ReactNode;
};

function Ribbon() {
  const notice = useNotice();
  if (!notice) return null;
  return (
    <aside className="ribbon" aria-label={en.noticeLabel}>
      {notice}
    </aside>
  );
}

/** The frame of every page: ribbon, header, one main, footer. */
export function Page({ kind, account, children }: PageProps) {
  const href = usePageHref();
  return (
    <div className={`page page-${kind}`}>
      <a className="skip" href="#content">
        {en.skipToContent}
      </a>
      <Ribbon />
      {kind === 'threshold' && <Arches />}
      <header className="page-header">
        <a className="home-link" href={href({ to: 'start' })} aria-label={en.homeLink}>
          <Logo />
          <span>{en.product}</span>
        </a>
        {account}
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <footer className="page-footer">
        <SchemeChoice />
      </footer>
    </div>
  );
}
