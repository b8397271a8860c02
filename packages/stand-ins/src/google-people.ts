export type GooglePerson = {
  /** How tests and the page call this person. */
  readonly key: string;
  /** A string of digits that never changes. */
  readonly sub: string;
  readonly name: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly email: string;
  readonly isEmailVerified: boolean;
  /** The Workspace domain; absent for consumer accounts, on a company's address too. */
  readonly hd?: string;
  readonly picture?: string;
};

export const usualGooglePeople: readonly GooglePerson[] = [
  {
    key: 'ada',
    sub: '108120436017923460011',
    name: 'Ada Byron',
    givenName: 'Ada',
    familyName: 'Byron',
    email: 'ada@acme.example',
    isEmailVerified: true,
    hd: 'acme.example',
  },
  {
    key: 'gina',
    sub: '108120436017923460022',
    name: 'Gina Özdemir-Żółkiewska',
    givenName: 'Gina',
    familyName: 'Özdemir-Żółkiewska',
    email: 'gina@gmail.com',
    isEmailVerified: true,
  },
  {
    key: 'victor',
    sub: '108120436017923460033',
    name: 'Victor Maximilian Alexander Ferdinand von Hohenstein-Oettingen-Wallerstein zu Waldburg-Wolfegg',
    givenName: 'Victor Maximilian Alexander Ferdinand',
    familyName: 'von Hohenstein-Oettingen-Wallerstein zu Waldburg-Wolfegg',
    email: 'victor@corp.example',
    isEmailVerified: true,
  },
  {
    key: 'uma',
    sub: '108120436017923460044',
    name: 'Uma Raman',
    givenName: 'Uma',
    familyName: 'Raman',
    email: 'uma@acme.example',
    isEmailVerified: false,
  },
];
