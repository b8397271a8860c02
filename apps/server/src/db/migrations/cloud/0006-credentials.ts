/** Passwords, the links that are mailed to prove a mailbox, second factors, and the browsers that an account is used in. */
export const credentials = `
create table passwords (
  user_id uuid primary key references users (id),
  hash text not null,
  set_at timestamptz not null
);
create table one_time_links (
  id uuid primary key,
  kind text not null check (kind in ('registration', 'password_reset')),
  address text not null check (address = lower(address)),
  browser_hash bytea,
  password_hash text,
  display_name text,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index one_time_links_by_address on one_time_links (address, created_at);
create index one_time_links_by_age on one_time_links (created_at);
create table totp_secrets (
  user_id uuid primary key references users (id),
  sealed_secret bytea not null,
  created_at timestamptz not null,
  enabled_at timestamptz,
  last_step bigint not null default 0
);
create table recovery_codes (
  user_id uuid not null references users (id),
  code_hash bytea not null,
  used_at timestamptz,
  primary key (user_id, code_hash)
);
create table mfa_challenges (
  token_hash bytea primary key,
  user_id uuid not null references users (id),
  address text not null check (address = lower(address)),
  invitation_id uuid,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  tries integer not null default 0,
  used_at timestamptz
);
create index mfa_challenges_by_user on mfa_challenges (user_id, created_at);
create table known_browsers (
  user_id uuid not null references users (id),
  browser_hash bytea not null,
  seen_at timestamptz not null,
  primary key (user_id, browser_hash)
);
grant select, insert, update, delete on passwords, one_time_links, totp_secrets, recovery_codes, mfa_challenges,
  known_browsers to gatehouse_system;
`;
