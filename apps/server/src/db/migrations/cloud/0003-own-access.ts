/**
 * What a person is shown of themselves, read on the way of every request that is not answered from memory: in a
 * function, because each connection plans it once. It has its caller's rights, so row-level security says what is their own.
 */
export const ownAccess = `
create function own_access(person uuid, moment timestamptz) returns jsonb language plpgsql stable as $$
begin
  return jsonb_build_object(
    'user', (
      select jsonb_build_object('id', u.id, 'displayName', u.display_name, 'email', e.address)
      from users u left join user_emails e on e.user_id = u.id and e.is_primary
      where u.id = person),
    'companies', (
      select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'slug', c.slug, 'name', c.name, 'status', c.status,
        'role', m.role, 'projects', (
          select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'slug', p.slug, 'name', p.name,
            'role', case m.role when 'admin' then 'admin' else pm.role end, 'status', p.status) order by p.id), '[]')
          from projects p left join project_members pm
            on pm.company_id = p.company_id and pm.project_id = p.id and pm.user_id = m.user_id
          where p.company_id = m.company_id and (m.role = 'admin' or pm.role is not null))
        ) order by c.name, c.id), '[]')
      from members m join companies c on c.id = m.company_id
      where m.user_id = person),
    'invitations', (
      select coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'email', i.email, 'role', i.role,
        'invitedBy', i.invited_by, 'expiresAt', i.expires_at,
        'company', jsonb_build_object('id', c.id, 'slug', c.slug, 'name', c.name), 'grants', (
          select coalesce(jsonb_agg(jsonb_build_object('project', p.slug, 'role', g.role) order by p.slug), '[]')
          from invitation_grants g join projects p on p.company_id = g.company_id and p.id = g.project_id
          where g.company_id = i.company_id and g.invitation_id = i.id)
        ) order by i.id), '[]')
      from invitations i join companies c on c.id = i.company_id
      where i.status = 'pending' and i.expires_at > moment));
end $$;
revoke execute on function own_access(uuid, timestamptz) from public;
grant execute on function own_access(uuid, timestamptz) to gatehouse_in_person;
`;
