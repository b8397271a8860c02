export type GitHubEmail = {
  readonly email: string;
  readonly primary: boolean;
  readonly verified: boolean;
  readonly visibility: 'public' | 'private' | null;
};

export type GitHubPerson = {
  /** How tests and the page call this person. */
  readonly key: string;
  /** Never changes, unlike the login. */
  readonly id: number;
  readonly login: string;
  readonly name: string | null;
  /** What `/user` shows; null where the address is private. */
  readonly publicEmail: string | null;
  readonly emails: readonly GitHubEmail[];
};

const address = (email: string, is: Partial<GitHubEmail> = {}): GitHubEmail => ({
  email,
  primary: false,
  verified: true,
  visibility: null,
  ...is,
});

/** The 38th of 45: on the second page of thirty, on the first of a hundred. */
const PRIMARY_OF_MANY = 37;

export const usualGitHubPeople: readonly GitHubPerson[] = [
  {
    key: 'ada',
    id: 101,
    login: 'ada',
    name: 'Ada Byron',
    publicEmail: 'ada@acme.example',
    emails: [address('ada@acme.example', { primary: true, visibility: 'public' })],
  },
  {
    key: 'grace',
    id: 102,
    login: 'grace',
    name: 'Grace Brewster Murray Hopper-Vandenberghe-Konstantinopoulos of Arlington and Wolfeboro',
    publicEmail: null,
    emails: [
      address('grace@acme.example', { primary: true, verified: false, visibility: 'private' }),
      address('grace@navy.example'),
    ],
  },
  {
    key: 'linus',
    id: 103,
    login: 'linus',
    name: 'Linus Törnvall',
    publicEmail: null,
    emails: [
      address('103+linus@users.noreply.github.com'),
      address('linus@kernel.example', { primary: true, visibility: 'private' }),
    ],
  },
  {
    key: 'nomail',
    id: 104,
    login: 'nomail',
    name: null,
    publicEmail: null,
    emails: [address('104+nomail@users.noreply.github.com', { primary: true, visibility: 'private' })],
  },
  {
    key: 'many',
    id: 105,
    login: 'many',
    name: 'Manuela Addressbook',
    publicEmail: null,
    emails: Array.from({ length: 45 }, (_, index) =>
      address(index === PRIMARY_OF_MANY ? 'many@acme.example' : `many-${index + 1}@old.example`, {
        primary: index === PRIMARY_OF_MANY,
        verified: index === PRIMARY_OF_MANY,
        visibility: index === PRIMARY_OF_MANY ? 'private' : null,
      }),
    ),
  },
];
