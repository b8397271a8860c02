/** The keys that sign what leaves the house. The private half is sealed under a key that no table holds. */
export const signingKeys = `
create table signing_keys (
  id text primary key,
  public_jwk jsonb not null,
  sealed_private_key bytea not null,
  created_at timestamptz not null,
  signs_from timestamptz not null
);
grant select, insert, update, delete on signing_keys to gatehouse_system;
`;
