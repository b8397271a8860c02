const thisCompany = `nullif(current_setting('app.company_id', true), '')::uuid`;

/** Requests to join a company, and mailboxes that are about to be proven. */
export const onboarding = `
create table join_requests (
  company_id uuid not null references companies (id),
  id uuid not null,
  user_id uuid not null references users (id),
  display_name text not null,
  email text,
  status text not null check (status in ('pending', 'approved', 'declined')),
  created_at timestamptz not null,
  decided_at timestamptz,
  decided_by uuid references users (id),
  primary key (company_id, id),
  check ((status = 'pending') = (decided_at is null))
);
create unique index join_requests_one_pending on join_requests (company_id, user_id) where status = 'pending';
create index join_requests_by_status on join_requests (company_id, status, id);

alter table join_requests enable row level security;
alter table join_requests force row level security;
create policy owner_all on join_requests to gatehouse_owner using (true) with check (true);
create policy one_company on join_requests to gatehouse_in_company
  using (company_id = ${thisCompany}) with check (company_id = ${thisCompany});
grant select, insert, update on join_requests to gatehouse_in_company;

create table email_proofs (
  id uuid primary key,
  user_id uuid not null references users (id),
  session_lineage_id uuid not null,
  address text not null check (address = lower(address)),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  tries integer not null default 0,
  used_at timestamptz
);
create index email_proofs_by_address on email_proofs (address, created_at);
create index email_proofs_by_user on email_proofs (user_id, created_at);
grant select, insert, update, delete on email_proofs to gatehouse_system;

create index invitations_by_status on invitations (company_id, status, id);
`;
