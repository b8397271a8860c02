/**
 * A chain of seals for each company, and one for what happened outside of all. Each event is noted when it is written
 * as one that waits for its seal, so that none is passed over, however late its transaction commits; those of before
 * wait too. `audit_seals`, the one chain that there was, is kept for processes of the release before.
 */
export const auditChains = `
create index audit_events_of_company on audit_events (company_id, at desc, id desc) where company_id is not null;
-- What one person did, and what was refused: few among many, and what is looked for.
create index audit_events_of_actor on audit_events (company_id, actor_id, at desc, id desc) where company_id is not null;
create index audit_events_refused on audit_events (company_id, at desc, id desc)
  where company_id is not null and result = 'refused';

create table audit_chain_seals (
  chain uuid not null,
  position bigint not null,
  event_at timestamptz not null,
  event_id uuid not null unique,
  key_id text not null,
  seal bytea not null,
  primary key (chain, position)
);
create table audit_unsealed (
  event_at timestamptz not null,
  event_id uuid not null,
  chain uuid not null,
  primary key (event_at, event_id)
);

create function note_unsealed_event() returns trigger language plpgsql security definer
  set search_path = gatehouse, pg_temp as $$
begin
  insert into audit_unsealed (event_at, event_id, chain)
    values (new.at, new.id, coalesce(new.company_id, '00000000-0000-0000-0000-000000000000'));
  return null;
end $$;
revoke execute on function note_unsealed_event() from public;
create trigger event_waits_for_seal after insert on audit_events for each row execute function note_unsealed_event();

insert into audit_unsealed (event_at, event_id, chain)
  select at, id, coalesce(company_id, '00000000-0000-0000-0000-000000000000') from audit_events;

grant select, insert on audit_chain_seals to gatehouse_system;
grant select, delete on audit_unsealed to gatehouse_system;
`;
