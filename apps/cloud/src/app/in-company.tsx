import type { MeAnswer } from '@gatehouse/contract';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { waitingQuery } from '../lib/company-queries.ts';
import { usePageHref } from '../lib/page-context.ts';
import { problemText } from '../lib/problem-choice.ts';
import { AccountPanel } from '../ui/account-panel.tsx';
import { CompanyFrame, mayOpen } from '../ui/company-frame.tsx';
import type { Company, CompanyPage } from '../ui/company-frame.tsx';
import { Page } from '../ui/page.tsx';
import { ProblemView, ProblemWays } from '../ui/problem-view.tsx';
import { SignedIn } from './signed-in.tsx';

export type Inside = { readonly me: MeAnswer; readonly company: Company };

type InCompanyProps = {
  readonly slug: string;
  readonly page: CompanyPage;
  readonly children: (inside: Inside) => ReactNode;
};

/** Pages that a company which isn't active yet doesn't have. */
const onceActive: readonly CompanyPage[] = ['projects', 'access'];

type Closed = 'not_found' | 'company_suspended' | 'company_pending' | 'forbidden';

/** Why this page of the company is closed to them, as far as it is known here; the server decides. */
function closedBecause(company: Company | undefined, page: CompanyPage): Closed | undefined {
  if (!company) return 'not_found';
  if (company.status === 'suspended') return 'company_suspended';
  if (company.status === 'pending' && (company.role === 'user' || onceActive.includes(page)))
    return 'company_pending';
  return mayOpen(company, page) ? undefined : 'forbidden';
}

function ClosedPage({ because }: { readonly because: Closed }) {
  const href = usePageHref();
  const text = problemText(because);
  return (
    <ProblemView text={text} code={because}>
      <ProblemWays text={text} hrefOf={(to) => href({ to })} />
    </ProblemView>
  );
}

function Framed({ me, company, page, children }: Omit<InCompanyProps, 'slug'> & Inside) {
  const because = closedBecause(company, page);
  const isAdmin = company.role === 'admin' && company.status !== 'suspended';
  const waiting = useQuery({ ...waitingQuery(company.slug), enabled: isAdmin });
  return (
    <CompanyFrame company={company} page={page} waiting={waiting.data}>
      {because ? <ClosedPage because={because} /> : children({ me, company })}
    </CompanyFrame>
  );
}

/** A page of the company that the address names, for its members. */
export const InCompany = ({ slug, ...framed }: InCompanyProps) => (
  <SignedIn>
    {({ me, mode }) => {
      const company = me.companies.find((one) => one.slug === slug);
      return (
        <Page kind={company ? 'inside' : 'threshold'} account={<AccountPanel me={me} mode={mode} />}>
          {company ? <Framed {...framed} me={me} company={company} /> : <ClosedPage because="not_found" />}
        </Page>
      );
    }}
  </SignedIn>
);
