/**
 * What a cache may hold is noted where it changes, by triggers: whoever changes it, in whatever way, the note is
 * written in the same transaction. A note means one thing, *forget the subject*; the notification only hurries.
 */
export const changes = `
create table changes (
  tx xid8 not null default pg_current_xact_id(),
  subject text not null,
  kind text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (tx, subject, kind)
);
create index changes_by_age on changes (at);

create function note_change(kind text, subject text) returns void language sql security definer
  set search_path = gatehouse, pg_temp as $$
  insert into changes (kind, subject) values (kind, subject) on conflict do nothing;
  select pg_notify('gatehouse_changes', '');
$$;
revoke execute on function note_change(text, text) from public;

-- Arguments: the kind, and the column that names the subject.
create function note_changed_row() returns trigger language plpgsql security definer
  set search_path = gatehouse, pg_temp as $$
begin
  if tg_op <> 'INSERT' then perform note_change(tg_argv[0], to_jsonb(old) ->> tg_argv[1]); end if;
  if tg_op <> 'DELETE' then perform note_change(tg_argv[0], to_jsonb(new) ->> tg_argv[1]); end if;
  return null;
end $$;
revoke execute on function note_changed_row() from public;

create trigger session_ended after update on sessions for each row
  when (old.ended_at is distinct from new.ended_at or old.expires_at is distinct from new.expires_at
    or old.user_id is distinct from new.user_id or old.token_hash is distinct from new.token_hash)
  execute function note_changed_row('session', 'id');
create trigger session_deleted after delete on sessions for each row
  when (old.ended_at is null and old.expires_at > now())
  execute function note_changed_row('session', 'id');

grant select, delete on changes to gatehouse_system;
`;
