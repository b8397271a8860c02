/** What every process has: attempts with their traces, sessions, and the audit trail. */
export const attemptsSessionsAudit = `
create table attempts (
  id uuid primary key,
  reference text not null unique,
  state_hash bytea not null unique,
  browser_hash bytea not null,
  connection_id text not null,
  callback_path text not null,
  purpose jsonb not null,
  remembered jsonb,
  begun_at timestamptz not null,
  expires_at timestamptz not null,
  taken_at timestamptz,
  callback_hash bytea,
  settled_at timestamptz,
  outcome text check (outcome in ('succeeded', 'refused', 'did_not_return')),
  code text,
  salt bytea,
  session_id uuid,
  check ((settled_at is null) = (outcome is null)),
  check (settled_at is null or remembered is null)
);
create index attempts_in_flight_by_browser on attempts (browser_hash, begun_at) where settled_at is null;
create index attempts_in_flight_by_expiry on attempts (expires_at) where settled_at is null;
create index attempts_by_age on attempts (begun_at);
create index attempts_with_salt on attempts (settled_at) where salt is not null;

create table traces (
  reference text primary key,
  connection_id text,
  begun_at timestamptz not null,
  ended_at timestamptz,
  outcome text not null check (outcome in ('in_progress', 'succeeded', 'refused', 'did_not_return')),
  code text,
  steps jsonb not null
);
create index traces_by_age on traces (begun_at);

create table sessions (
  id uuid primary key,
  lineage_id uuid not null,
  token_hash bytea not null unique,
  user_id uuid not null,
  connection_id text not null,
  signed_in_with text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  last_seen_at timestamptz not null,
  ended_at timestamptz,
  ended_because text check (ended_because in ('signed_out', 'replaced', 'revoked')),
  check ((ended_at is null) = (ended_because is null))
);
create index sessions_by_expiry on sessions (expires_at);

create table audit_events (
  id uuid not null,
  at timestamptz not null,
  type text not null,
  result text not null check (result in ('succeeded', 'refused')),
  actor_kind text not null check (actor_kind in ('user', 'system', 'nobody')),
  actor_id uuid,
  company_id uuid,
  subject_id text,
  reference text,
  address text,
  user_agent text,
  reason text,
  details jsonb not null,
  primary key (at, id)
) partition by range (at);
create table audit_events_rest partition of audit_events default;

create table audit_seals (
  position bigint primary key,
  event_at timestamptz not null,
  event_id uuid not null unique,
  key_id text not null,
  seal bytea not null
);

create function ensure_audit_month(month date) returns void language plpgsql security definer
  set search_path = gatehouse, pg_temp set timezone = 'UTC' as $$
declare
  first_day date := date_trunc('month', month);
  partition text := 'audit_events_' || to_char(first_day, 'YYYY_MM');
begin
  if to_regclass('gatehouse.' || partition) is not null then return; end if;
  execute format('create table %I partition of audit_events for values from (%L) to (%L)',
    partition, first_day, first_day + interval '1 month');
exception
  when duplicate_table then null;
  when check_violation then null; -- the rest holds events of that month already, and keeps them
end $$;
revoke execute on function ensure_audit_month(date) from public;
grant execute on function ensure_audit_month(date) to gatehouse_system;

alter table audit_events enable row level security;
alter table audit_events force row level security;
create policy owner_all on audit_events to gatehouse_owner using (true) with check (true);
create policy system_all on audit_events to gatehouse_system using (true) with check (true);
create policy one_company on audit_events to gatehouse_in_company
  using (company_id = nullif(current_setting('app.company_id', true), '')::uuid)
  with check (company_id = nullif(current_setting('app.company_id', true), '')::uuid);

grant select, insert, update, delete on attempts, traces, sessions to gatehouse_system;
grant select, insert on audit_events, audit_seals to gatehouse_system;
grant select, insert on audit_events to gatehouse_in_company;
`;
