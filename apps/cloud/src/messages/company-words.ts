import { accessWords } from './access-words.ts';
import { invitingWords } from './inviting-words.ts';
import { companyRole, projectRole, projectStatus } from './role-words.ts';

const counted = (count: number, one: string, many: string) =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

/** The words of a company's pages. */
export const companyWords = {
  companyRole,
  projectRole,
  projectStatus,
  ...invitingWords,
  ...accessWords,

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
  },

  list: {
    you: 'You',
    firstOf: (counted: string) => `The first ${counted}`,
    search: 'Search',
    searchHint: 'Name or address',
    noMatch: 'Nothing matches',
    noMatchLead: 'Try fewer letters, or look at all of them.',
    showAll: 'Show all',
    cancel: 'Cancel',
    close: 'Close',
    previous: 'Previous',
    next: 'Next',
    person: 'Person',
    role: 'Role',
    noChange: 'No role',
  },

  outcome: {
    progress: (done: number, total: number) => `${String(done)} of ${String(total)} done…`,
    sum: (done: number, failed: number) =>
      failed === 0 ? `${String(done)} done.` : `${String(done)} done, ${String(failed)} not changed:`,
    notChanged: 'Not changed',
    gone: 'Somebody has removed the person or the project in the meantime. Reload the page to see what is left.',
  },

  members: {
    title: 'Members',
    lead: 'Everybody who belongs to this company.',
    invite: 'Invite people',
    loading: 'Getting the members…',
    counted: (count: number) => counted(count, 'member', 'members'),
    more: 'Load more members',
    roleFilter: 'Role',
    anyRole: 'Any role',
    projectFilter: 'Project',
    anyProject: 'Any or none',
    aloneTitle: 'You’re alone here',
    aloneLead: 'Invite the first people. They join once they sign in and accept.',
    projects: 'Projects',
    allProjects: 'All, as administrator',
    noProjects: 'None',
    moreProjects: (count: number) => `and ${String(count)} more`,
    joined: 'Joined',
    roleOf: (name: string) => `Role of ${name}`,
    select: (name: string) => `Select ${name}`,
    selectAll: 'Select everybody shown',
    actions: 'Actions',
    remove: 'Remove',
    removeOf: (name: string) => `Remove ${name}`,
    leave: 'Leave',
    leaveOf: 'Leave this company',
    saving: 'Saving…',
    changed: (name: string, role: string) => `${name} is now ${role}.`,
    removed: (name: string) => `${name} is no longer a member.`,
    removeTitle: (name: string) => `Remove ${name}?`,
    removeEffects: (company: string) => [
      `They lose ${company} and every role in its projects.`,
      'Wherever they’re signed in, their access ends within a second.',
      'Their account stays, and so does what they did in the audit trail. To come back they need a new invitation.',
    ],
    reallyRemove: 'Remove',
    removing: 'Removing…',
    leaveTitle: (company: string) => `Leave ${company}?`,
    leaveEffects: (company: string) => [
      `You lose ${company} and every role in its projects, within a second.`,
      'To come back you need a new invitation.',
    ],
    reallyLeave: 'Leave the company',
    keep: 'Cancel',
    demoteTitle: 'Stop being an administrator?',
    demote:
      'You keep your own roles in projects, and lose everything that only administrators see, this page’s controls included. Another administrator can make you one again.',
    reallyDemote: 'Become a member',
  },

  bulk: {
    bar: 'What to do with those selected',
    selected: (count: number) => `${String(count)} selected`,
    clear: 'Clear',
    changeRole: 'Change role',
    giveProject: 'Give a project',
    remove: 'Remove',
    titles: {
      role: (count: number) => `Change the role of ${counted(count, 'member', 'members')}`,
      project: (count: number) => `Give ${counted(count, 'member', 'members')} a project`,
      remove: (count: number) => `Remove ${counted(count, 'member', 'members')}?`,
    },
    who: 'Those selected',
    theCompany: 'the company',
    newRole: 'New role',
    project: 'Project',
    projectRole: 'Role there',
    noProjects: 'This company has no projects yet. Create one first.',
    projectEffect: 'A role they already have there is replaced. Administrators keep all projects.',
    go: {
      role: (count: number) => `Change ${String(count)}`,
      project: (count: number) => `Give it to ${String(count)}`,
      remove: (count: number) => `Remove ${String(count)}`,
    },
  },
} as const;
