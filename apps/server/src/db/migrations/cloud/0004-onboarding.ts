const thisCompany = `nullif(current_setting('app.company_id', true), '')::uuid`;

/** Requests to join a company, mailboxes that are about to be proven, and what the link of an invitation leads to. */
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

-- What leads to an account that has nothing of its own leads to its heir from now on, and the account is gone. Where
-- something of old still refers to it, it stays, disabled. If it became a member meanwhile, the whole is tried again.
create function merge_empty_user(person uuid, heir uuid) returns void language plpgsql security definer
  set search_path = gatehouse, pg_temp as $$
begin
  update identities set user_id = heir where user_id = person;
  update sessions set user_id = heir where user_id = person;
  -- They go on counting for the day, for the mailbox and for the heir.
  update email_proofs set user_id = heir, used_at = coalesce(used_at, now()) where user_id = person;
  delete from pending_links where user_id = person;
  delete from join_requests mine where mine.user_id = person and exists (
    select from join_requests theirs
    where theirs.company_id = mine.company_id and theirs.user_id = heir and theirs.status = 'pending');
  update join_requests set user_id = heir where user_id = person;
  begin
    delete from users where id = person;
  exception when foreign_key_violation then
    if exists (select from members where user_id = person) then
      raise serialization_failure using message = 'the account is not empty any more';
    end if;
    update users set status = 'disabled' where id = person;
  end;
end $$;
revoke execute on function merge_empty_user(uuid, uuid) from public;
grant execute on function merge_empty_user(uuid, uuid) to gatehouse_system;

create table invitation_companies (
  invitation_id uuid primary key,
  company_id uuid not null
);
alter table invitation_companies enable row level security;
alter table invitation_companies force row level security;
create policy owner_all on invitation_companies to gatehouse_owner using (true) with check (true);
create policy found_by_id on invitation_companies for select to gatehouse_system using (true);
create policy one_company on invitation_companies to gatehouse_in_company
  using (company_id = ${thisCompany}) with check (company_id = ${thisCompany});
grant select on invitation_companies to gatehouse_system;
grant select, insert on invitation_companies to gatehouse_in_company;
insert into invitation_companies (invitation_id, company_id) select id, company_id from invitations;

create index invitations_by_status on invitations (company_id, status, id);
`;
