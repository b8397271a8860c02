/**
 * Finds, locks, rotates and tells of a refresh token: one statement, in a function so that each connection plans it once,
 * though nothing is prepared on it. Planning costs more than the rest.
 */
export const rotateRefreshToken = `
create function rotate_refresh_token(old_hash bytea, new_hash bytea, new_salt bytea, new_key_id text,
  moment timestamptz, rotatable_since timestamptz)
returns table (id uuid, kind text, lineage_id uuid, user_id uuid, connection_id text, signed_in_with text,
  created_at timestamptz, expires_at timestamptz, last_seen_at timestamptz, proved_at timestamptz,
  token_created_at timestamptz, rotated_at timestamptz, salt bytea, key_id text, did_rotate boolean)
language plpgsql as $$
#variable_conflict use_column
begin
  return query with alive as materialized (
    select s.* from refresh_tokens t
      join sessions s on s.id = t.session_id join users u on u.id = s.user_id
    where t.token_hash = old_hash and s.kind = 'tokens' and s.ended_at is null
      and s.expires_at > moment and u.status = 'active'
    for share of s
  ), parent as (
    update refresh_tokens t set rotated_at = moment, salt = new_salt, key_id = new_key_id
    from alive where t.token_hash = old_hash and t.session_id = alive.id
      and t.rotated_at is null and t.created_at <= rotatable_since
    returning t.session_id
  ), child as (
    insert into refresh_tokens (token_hash, session_id, created_at)
    select new_hash, session_id, moment from parent
  )
  select a.id, a.kind, a.lineage_id, a.user_id, a.connection_id, a.signed_in_with,
    a.created_at, a.expires_at, a.last_seen_at, a.proved_at,
    t.created_at, t.rotated_at, t.salt, t.key_id, exists (select from parent)
  from alive a join refresh_tokens t on t.session_id = a.id and t.token_hash = old_hash;
end $$;
grant execute on function rotate_refresh_token to gatehouse_system;
`;
