import { VisuallyHidden } from '@mantine/core';
import type { MeAnswer } from '@gatehouse/contract';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { usePageTitle } from '../lib/hooks.ts';
import { en } from '../messages/en.ts';
import './company-frame.css';

export type Company = MeAnswer['companies'][number];
export type CompanyPage = keyof typeof en.company.pages;

const pagesOf: Readonly<Record<Company['role'], readonly CompanyPage[]>> = {
  admin: ['members', 'invitations', 'requests', 'projects', 'access', 'audit'],
  user: ['members', 'projects'],
};

export const mayOpen = (company: Company, page: CompanyPage) => pagesOf[company.role].includes(page);

type FrameProps = {
  readonly company: Company;
  readonly page: CompanyPage;
  /** How many people ask to join, `20+` where there are more; nothing where nobody does. */
  readonly waiting?: string | undefined;
  readonly children: ReactNode;
};

function Pages({ company, page, waiting }: Omit<FrameProps, 'children'>) {
  return (
    <nav className="company-nav" aria-label={en.company.nav(company.name)}>
      <ul>
        {pagesOf[company.role].map((one) => (
          <li key={one}>
            <Link
              to={`/companies/$slug/${one}`}
              params={{ slug: company.slug }}
              {...(one === page && { 'aria-current': 'page' })}
            >
              {en.company.pages[one]}
              {one === 'requests' && waiting && (
                <span className="company-count">
                  <span aria-hidden>{waiting}</span>
                  <VisuallyHidden>{en.company.waiting(waiting)}</VisuallyHidden>
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** What stands around each page of a company: which company it is, its other pages, and the way back to all of them. */
export const CompanyFrame = ({ children, ...frame }: FrameProps) => (
  <div className="company-frame">
    <div className="company-head">
      <Link to="/account" className="company-back">
        <span aria-hidden>← </span>
        {en.company.all}
      </Link>
      <p className="company-name" dir="auto">
        {frame.company.name}
      </p>
      <Pages {...frame} />
    </div>
    {frame.company.status === 'pending' && <p className="note note-brass">{en.company.pending}</p>}
    {children}
  </div>
);

type TitleProps = {
  readonly title: string;
  readonly company: Company;
  readonly lead?: ReactNode;
  /** What can be done on this page as a whole. */
  readonly children?: ReactNode;
};

/** The heading of a page in a company. */
export function CompanyTitle({ title, company, lead, children }: TitleProps) {
  usePageTitle(en.company.pageTitle(title, company.name));
  return (
    <div className="company-title">
      <div className="stack stack-close">
        <h1 dir="auto">{title}</h1>
        {lead && <p className="soft">{lead}</p>}
      </div>
      {children}
    </div>
  );
}
