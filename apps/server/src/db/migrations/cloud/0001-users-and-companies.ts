const companyTables = [
  'companies',
  'members',
  'projects',
  'project_members',
  'invitations',
  'invitation_grants',
];

const thisCompany = `nullif(current_setting('app.company_id', true), '')::uuid`;
const thisPerson = `nullif(current_setting('app.user_id', true), '')::uuid`;

/** Forced row-level security: the owner and one company see rows; whoever forgot a scope is refused outright. */
function companyPolicies(table: string): string {
  const key = table === 'companies' ? 'id' : 'company_id';
  return `
alter table ${table} enable row level security;
alter table ${table} force row level security;
create policy owner_all on ${table} to gatehouse_owner using (true) with check (true);
create policy one_company on ${table} to gatehouse_in_company using (${key} = ${thisCompany}) with check (${key} = ${thisCompany});
grant select, insert, update, delete on ${table} to gatehouse_in_company;
grant select on ${table} to gatehouse_in_person;`;
}

/** People, what leads to them, companies with their members, projects and invitations, and the directories. */
export const usersAndCompanies = `
create table users (
  id uuid primary key,
  display_name text not null,
  status text not null check (status in ('active', 'disabled')),
  created_at timestamptz not null
);
alter table sessions add constraint sessions_user foreign key (user_id) references users (id);

create table identities (
  id uuid primary key,
  connection_id text not null,
  issuer text not null,
  subject text not null,
  user_id uuid not null references users (id),
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  constraint identities_key unique (connection_id, issuer, subject)
);
create index identities_by_user on identities (user_id);

create table user_emails (
  address text primary key check (address = lower(address)),
  user_id uuid not null references users (id),
  is_primary boolean not null,
  identity_id uuid references identities (id) on delete set null,
  verified_at timestamptz not null
);
create index user_emails_by_user on user_emails (user_id);
create unique index user_emails_one_primary on user_emails (user_id) where is_primary;

create table pending_links (
  browser_hash bytea not null,
  connection_id text not null,
  issuer text not null,
  subject text not null,
  address text not null,
  user_id uuid not null references users (id),
  expires_at timestamptz not null,
  primary key (browser_hash, connection_id, issuer, subject)
);

create table companies (
  id uuid primary key,
  slug text not null unique,
  name text not null,
  status text not null check (status in ('pending', 'active', 'suspended')),
  created_at timestamptz not null,
  first_admin_claimed_at timestamptz
);
create table company_slugs (
  slug text primary key,
  company_id uuid not null unique
);

create table members (
  company_id uuid not null references companies (id),
  user_id uuid not null references users (id),
  role text not null check (role in ('admin', 'user')),
  joined_at timestamptz not null,
  primary key (company_id, user_id)
);
-- Hash: it has no order, so a list of members is never read by walking through those of other companies.
create index members_by_user on members using hash (user_id);
create index members_admins on members (company_id) where role = 'admin';

create table projects (
  company_id uuid not null references companies (id),
  id uuid not null,
  slug text not null,
  name text not null,
  status text not null check (status in ('active', 'read_only', 'disabled')),
  created_at timestamptz not null,
  primary key (company_id, id),
  constraint projects_slug unique (company_id, slug)
);

create table project_members (
  company_id uuid not null,
  project_id uuid not null,
  user_id uuid not null,
  role text not null check (role in ('viewer', 'editor', 'admin')),
  primary key (company_id, project_id, user_id),
  foreign key (company_id, project_id) references projects (company_id, id),
  foreign key (company_id, user_id) references members (company_id, user_id) on delete cascade
);
create index project_members_by_user on project_members (company_id, user_id);

create table invitations (
  company_id uuid not null references companies (id),
  id uuid not null,
  email text not null check (email = lower(email)),
  role text not null check (role in ('admin', 'user')),
  status text not null check (status in ('pending', 'accepted', 'revoked', 'expired')),
  invited_by uuid references users (id),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  accepted_by uuid references users (id),
  delivery_status text not null,
  last_delivery_error text,
  primary key (company_id, id),
  check ((status = 'accepted') = (accepted_at is not null))
);
create unique index invitations_one_pending on invitations (company_id, email) where status = 'pending';
create index invitations_by_email on invitations (email);
create index invitations_by_id on invitations using hash (id);

create table invitation_grants (
  company_id uuid not null,
  invitation_id uuid not null,
  project_id uuid not null,
  role text not null check (role in ('viewer', 'editor', 'admin')),
  status text not null check (status in ('pending', 'applied', 'revoked', 'failed')),
  primary key (company_id, invitation_id, project_id),
  foreign key (company_id, invitation_id) references invitations (company_id, id),
  foreign key (company_id, project_id) references projects (company_id, id)
);

create table invitation_addresses (
  invitation_id uuid primary key,
  company_id uuid not null,
  address text not null
);
create index invitation_addresses_by_address on invitation_addresses (address);

${companyTables.map(companyPolicies).join('\n')}

alter table invitation_addresses enable row level security;
alter table invitation_addresses force row level security;
create policy owner_all on invitation_addresses to gatehouse_owner using (true) with check (true);
create policy found_by_address on invitation_addresses for select to gatehouse_system using (true);
create policy one_company on invitation_addresses to gatehouse_in_company
  using (company_id = ${thisCompany}) with check (company_id = ${thisCompany});

create policy own_companies on companies to gatehouse_in_person
  using (exists (select from members m where m.company_id = companies.id)
    or exists (select from invitations i where i.company_id = companies.id and i.status = 'pending'));
create policy own_memberships on members to gatehouse_in_person using (user_id = ${thisPerson});
create policy projects_of_own_companies on projects to gatehouse_in_person
  using (exists (select from members m where m.company_id = projects.company_id)
    or exists (select from invitation_grants g where g.company_id = projects.company_id and g.project_id = projects.id));
create policy own_project_memberships on project_members to gatehouse_in_person using (user_id = ${thisPerson});
create policy own_invitations on invitations to gatehouse_in_person
  using (email in (select address from user_emails e where e.user_id = ${thisPerson}));
create policy grants_of_own_invitations on invitation_grants to gatehouse_in_person
  using (exists (select from invitations i where i.company_id = invitation_grants.company_id
    and i.id = invitation_grants.invitation_id and i.status = 'pending'));

alter table users enable row level security;
alter table users force row level security;
alter table user_emails enable row level security;
alter table user_emails force row level security;
create policy owner_all on users to gatehouse_owner using (true) with check (true);
create policy owner_all on user_emails to gatehouse_owner using (true) with check (true);
create policy system_all on users to gatehouse_system using (true) with check (true);
create policy system_all on user_emails to gatehouse_system using (true) with check (true);
create policy members_of_this_company on users to gatehouse_in_company
  using (exists (select from members m where m.user_id = users.id));
create policy members_of_this_company on user_emails to gatehouse_in_company
  using (exists (select from members m where m.user_id = user_emails.user_id));
create policy oneself on users to gatehouse_in_person using (id = ${thisPerson});
create policy oneself on user_emails to gatehouse_in_person using (user_id = ${thisPerson});

grant select, insert, update, delete on users, user_emails, identities, pending_links, company_slugs to gatehouse_system;
grant select on invitation_addresses to gatehouse_system;
grant select, insert, delete on invitation_addresses to gatehouse_in_company;
grant select on users, user_emails to gatehouse_in_company, gatehouse_in_person;
`;
