/** What a session's owner recognises it by, and what the bound on live sessions counts. */
export const sessionFacts = `
alter table sessions add column user_agent text, add column address text;
alter table sessions drop constraint sessions_ended_because_check;
alter table sessions add constraint sessions_ended_because_check
  check (ended_because in ('signed_out', 'replaced', 'revoked', 'evicted'));
create index sessions_live_by_user on sessions (user_id, created_at) where ended_at is null;
`;
