/** Whoever came to an empty account may have set up an app there: it goes with the account, or the account could not go. */
export const mergedCredentials = `
create or replace function merge_empty_user(person uuid, heir uuid) returns void language plpgsql security definer
  set search_path = gatehouse, pg_temp as $$
begin
  update identities set user_id = heir where user_id = person;
  update sessions set user_id = heir where user_id = person;
  -- They go on counting for the day, for the mailbox and for the heir.
  update email_proofs set user_id = heir, used_at = coalesce(used_at, now()) where user_id = person;
  delete from pending_links where user_id = person;
  -- The heir has their own, or none.
  delete from mfa_challenges where user_id = person;
  delete from known_browsers where user_id = person;
  delete from recovery_codes where user_id = person;
  delete from totp_secrets where user_id = person;
  delete from passwords where user_id = person;
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
`;
