/** The words of a company's pages. */
export const companyWords = {
  company: {
    all: 'All companies',
    nav: (company: string) => `Pages of ${company}`,
    pages: {
      members: 'Members',
      invitations: 'Invitations',
      requests: 'Requests',
      projects: 'Projects',
      access: 'Access',
      audit: 'Audit',
    },
    waiting: (count: string) => `${count} waiting`,
    pageTitle: (page: string, company: string) => `${page} – ${company}`,
    pending:
      'Whoever runs this service hasn’t activated this company yet. You can invite people already; projects open once it is active.',
    open: (company: string) => `Open ${company}`,
  },
} as const;
