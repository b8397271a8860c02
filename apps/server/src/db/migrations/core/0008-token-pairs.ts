/**
 * A token pair is a session that is held by other means: its access tokens name it, its refresh tokens lead to it. Of
 * refresh tokens only hashes are kept, and what their successors follow from together with the token itself.
 */
export const tokenPairs = `
alter table sessions add column kind text not null default 'cookie' check (kind in ('cookie', 'tokens'));
alter table sessions add column proved_at timestamptz;
alter table sessions alter column token_hash drop not null;
alter table sessions add constraint sessions_token check ((kind = 'cookie') = (token_hash is not null));
alter table sessions drop constraint sessions_ended_because_check;
alter table sessions add constraint sessions_ended_because_check check (ended_because in
  ('signed_out', 'replaced', 'revoked', 'evicted', 'refresh_reused', 'credentials_changed', 'not_allowed'));

create table refresh_tokens (
  token_hash bytea primary key,
  session_id uuid not null references sessions (id) on delete cascade,
  created_at timestamptz not null,
  rotated_at timestamptz,
  salt bytea,
  key_id text,
  check ((rotated_at is null) = (salt is null) and (rotated_at is null) = (key_id is null))
);
create index refresh_tokens_by_session on refresh_tokens (session_id);
grant select, insert, update, delete on refresh_tokens to gatehouse_system;

create trigger session_proved after update on sessions for each row
  when (old.proved_at is distinct from new.proved_at)
  execute function note_changed_row('session', 'id');
`;
