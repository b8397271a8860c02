/**
 * Whatever the answer to "who is this, and what may they" depends on: accounts and their addresses, memberships, roles,
 * invitations to an address, and companies with their projects.
 */
export const notedChanges = `
create trigger user_changed after update on users for each row
  when (old.status is distinct from new.status or old.display_name is distinct from new.display_name)
  execute function note_changed_row('user', 'id');
create trigger user_email_changed after update on user_emails for each row
  when (old.address is distinct from new.address or old.user_id is distinct from new.user_id
    or old.is_primary is distinct from new.is_primary)
  execute function note_changed_row('user', 'user_id');
create trigger user_email_came_or_went after insert or delete on user_emails for each row
  execute function note_changed_row('user', 'user_id');
create trigger member_changed after insert or update or delete on members for each row
  execute function note_changed_row('user', 'user_id');
create trigger project_member_changed after insert or update or delete on project_members for each row
  execute function note_changed_row('user', 'user_id');
create trigger company_changed after update or delete on companies for each row
  execute function note_changed_row('company', 'id');
create trigger project_changed after insert or update or delete on projects for each row
  execute function note_changed_row('company', 'company_id');

create function note_invitee(address text) returns void language sql security definer
  set search_path = gatehouse, pg_temp as $$
  select note_change('user', user_id::text) from user_emails where user_emails.address = note_invitee.address;
$$;
revoke execute on function note_invitee(text) from public;

create function note_changed_invitation() returns trigger language plpgsql security definer
  set search_path = gatehouse, pg_temp as $$
begin
  if tg_op <> 'DELETE' then perform note_invitee(new.email); else perform note_invitee(old.email); end if;
  return null;
end $$;
revoke execute on function note_changed_invitation() from public;

create function note_changed_grant() returns trigger language plpgsql security definer
  set search_path = gatehouse, pg_temp as $$
declare
  invitation uuid := case when tg_op = 'DELETE' then old.invitation_id else new.invitation_id end;
begin
  perform note_invitee(email) from invitations where id = invitation;
  return null;
end $$;
revoke execute on function note_changed_grant() from public;

create trigger invitation_changed after insert or update or delete on invitations for each row
  execute function note_changed_invitation();
create trigger invitation_grant_changed after insert or update or delete on invitation_grants for each row
  execute function note_changed_grant();
`;
