/** The directory of all personal Microsoft accounts; the same everywhere. */
export const CONSUMERS = '9188040d-6c67-4c5b-b112-36a304b66dad';
export const CONTOSO = '3f6d2a51-8c1e-4b7a-9d35-0c5e7b1f4a10';
export const FABRIKAM = 'b87e40c9-15d2-4f6e-a0b4-7d92c6e8f321';

/** Somebody as one directory knows them; whoever is in two directories is two of these. */
export type EntraPerson = {
  /** How tests and the page call this person. */
  readonly key: string;
  /** The directory that signs them in: where they are a member or a guest. */
  readonly tid: string;
  readonly oid: string;
  readonly name: string;
  readonly preferredUsername: string;
  /** The optional claim `email`; absent where the directory knows no mailbox. */
  readonly email?: string;
  /** The optional claim `xms_edov` in whatever form the directory sends it. */
  readonly xmsEdov?: boolean | number | string;
  /** Guests: the directory they come from. */
  readonly homeTid?: string;
};

const member = (tid: string, person: Omit<EntraPerson, 'tid' | 'preferredUsername'> & { email: string }) => ({
  tid,
  preferredUsername: person.email,
  ...person,
});

const TWIN_OID = '5a5a5a5a-0000-4000-8000-00000000aaaa';

export const usualEntraPeople: readonly EntraPerson[] = [
  member(CONTOSO, {
    key: 'ada',
    oid: 'c0a80101-0000-4000-8000-000000000001',
    name: 'Ada Byron',
    email: 'ada@contoso.example',
    xmsEdov: true,
  }),
  member(CONTOSO, {
    key: 'ben',
    oid: 'c0a80101-0000-4000-8000-000000000002',
    name: 'Ben Åkerström',
    email: 'ben@contoso.example',
    xmsEdov: 1,
  }),
  member(CONTOSO, {
    key: 'cleo',
    oid: 'c0a80101-0000-4000-8000-000000000003',
    name: '渡辺 クレオ',
    email: 'cleo@contoso.example',
    xmsEdov: '1',
  }),
  member(CONTOSO, {
    key: 'dov',
    oid: 'c0a80101-0000-4000-8000-000000000004',
    name: 'Dov Levi',
    email: 'dov@contoso.example',
    xmsEdov: 'true',
  }),
  member(CONTOSO, {
    key: 'eve',
    oid: 'c0a80101-0000-4000-8000-000000000005',
    name: 'Eve Moneypenny',
    email: 'ada@acme.example',
    xmsEdov: false,
  }),
  member(CONTOSO, {
    key: 'finn',
    oid: 'c0a80101-0000-4000-8000-000000000006',
    name: 'Finn-Lennart Maximilian Bartholomäus Freiherr von Schwarzenberg-Hohenlohe-Langenburg und Weikersheim',
    email: 'finn@contoso.example',
  }),
  {
    key: 'nora',
    tid: CONTOSO,
    oid: 'c0a80101-0000-4000-8000-000000000007',
    name: 'Nora Nomail',
    preferredUsername: 'nora@contoso.example',
  },
  {
    key: 'gus',
    tid: CONTOSO,
    oid: 'c0a80101-0000-4000-8000-000000000008',
    name: 'Gus Guest',
    preferredUsername: 'gus_fabrikam.example#EXT#@contoso.onmicrosoft.example',
    email: 'gus@fabrikam.example',
    homeTid: FABRIKAM,
  },
  member(CONTOSO, {
    key: 'tom-contoso',
    oid: TWIN_OID,
    name: 'Tom Twin',
    email: 'tom@contoso.example',
    xmsEdov: true,
  }),
  member(FABRIKAM, {
    key: 'tom-fabrikam',
    oid: TWIN_OID,
    name: 'Tom Twin',
    email: 'tom@fabrikam.example',
    xmsEdov: true,
  }),
  member(FABRIKAM, {
    key: 'fay',
    oid: 'fab00101-0000-4000-8000-000000000001',
    name: 'Fay Fernández',
    email: 'fay@fabrikam.example',
    xmsEdov: true,
  }),
  member(CONSUMERS, {
    key: 'pia',
    oid: '00000000-0000-0000-66f3-3332eca7ea81',
    name: 'Pia Personal',
    email: 'pia@outlook.example',
  }),
];
