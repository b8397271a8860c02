/** Counters that all replicas share. Not logged: after a crash of the database they begin anew. */
export const rateLimits = `
create unlogged table rate_limits (
  key text primary key,
  points integer not null default 0,
  expire bigint
);
create index rate_limits_by_expiry on rate_limits (expire);
grant select, insert, update, delete on rate_limits to gatehouse_system;
`;
