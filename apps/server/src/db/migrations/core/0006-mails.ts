const thisCompany = `nullif(current_setting('app.company_id', true), '')::uuid`;

/** The outbox: written in the transaction of what a mail tells of, read by whoever sends. */
export const mails = `
create table mails (
  id uuid primary key,
  company_id uuid,
  kind text not null,
  subject_id uuid,
  address text not null check (address = lower(address)),
  facts jsonb not null,
  status text not null check (status in ('pending', 'sending', 'sent', 'failed_retryable', 'failed_terminal', 'suppressed')),
  attempts integer not null default 0,
  created_at timestamptz not null,
  due_at timestamptz not null,
  lease_id uuid,
  last_error text,
  ended_at timestamptz
);
create index mails_due on mails (due_at, id) where status in ('pending', 'sending', 'failed_retryable');
create index mails_by_address on mails (address, created_at);
create index mails_by_subject on mails (subject_id);
create index mails_open on mails (address, id) where status in ('pending', 'sending', 'failed_retryable');
create index mails_told on mails (ended_at) where facts <> '{}';
create index mails_ended on mails (ended_at);

create function wake_mail_workers() returns trigger language plpgsql as $$
begin
  perform pg_notify('gatehouse_mails', '');
  return null;
end $$;
create trigger mail_queued after insert on mails for each statement execute function wake_mail_workers();

alter table mails enable row level security;
alter table mails force row level security;
create policy owner_all on mails to gatehouse_owner using (true) with check (true);
create policy system_all on mails to gatehouse_system using (true) with check (true);
create policy one_company on mails to gatehouse_in_company
  using (company_id = ${thisCompany}) with check (company_id = ${thisCompany});
grant select, insert, update, delete on mails to gatehouse_system;
grant select, insert, update on mails to gatehouse_in_company;
`;
