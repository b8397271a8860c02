const thisCompany = `nullif(current_setting('app.company_id', true), '')::uuid`;

/** Inside a class of a regular expression: what divides words beside space. The same in every locale. */
const punctuation = String.raw`!-/:-@\[-\`{-~\u00b7\u2010-\u2027`;
const marks = String.raw`\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f`;

/**
 * The words by which members are found (decision 0018), kept by triggers: whoever changes a membership, a name or a
 * primary address, in whatever way, the words change in the same transaction.
 */
export const memberWords = `
create table member_words (
  company_id uuid not null,
  word text collate "C" not null,
  user_id uuid not null,
  -- The word of the same person that comes before this one, or nothing: it tells whether this is their first that
  -- begins in some way, without a look at the others.
  previous_word text collate "C" not null,
  primary key (company_id, word, user_id) include (previous_word)
);
create index member_words_by_user on member_words (company_id, user_id, word);

alter table member_words enable row level security;
alter table member_words force row level security;
create policy owner_all on member_words to gatehouse_owner using (true) with check (true);
create policy one_company on member_words for select to gatehouse_in_company using (company_id = ${thisCompany});
grant select on member_words to gatehouse_in_company;

-- Letters without their marks, in lower case.
create function folded(what text) returns text language sql immutable parallel safe as $$
  select translate(replace(replace(replace(
    lower(regexp_replace(normalize(what, NFKD), '[${marks}]', '', 'g')),
    'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'øłđħŧıς', 'oldhtiσ');
$$;

create function search_words(query text) returns setof text language sql immutable as $$
  select distinct left(word, case when word like '%@%' then 254 else 64 end)
  from regexp_split_to_table(folded(query), '\\s+') as word where word <> '';
$$;

-- A word that another one of the same person begins with is left out: what finds it finds the other.
create function words_of(name text, address text)
  returns table (word text, previous_word text) language sql immutable as $$
  with every as (
    select distinct part collate "C" as part from (
      select left(regexp_split_to_table(folded(name), '\\s+'), 64)
      union all select left(regexp_split_to_table(folded(name), '[\\s${punctuation}]+'), 64)
      union all select folded(address)
      union all select folded(split_part(address, '@', 2))
      union all select regexp_split_to_table(folded(address), '[${punctuation}]+')
    ) as parts (part) where part <> ''
  ), following as (
    select part, lead(part) over (order by part) as next from every
  )
  select part, lag(part, 1, '' collate "C") over (order by part)
  from following where next is null or not starts_with(next, part);
$$;

-- A membership that is just being added holds its user against the first lock, and one that is being removed stands in
-- the way of the second: whichever comes later sees what the other did.
create function write_member_words(people uuid[]) returns void language plpgsql security definer
  set search_path = gatehouse, pg_temp as $$
begin
  perform from users where id = any (people) order by id for update;
  perform from members where user_id = any (people) order by company_id, user_id for key share;
  delete from member_words w using members m
    where m.user_id = any (people) and w.company_id = m.company_id and w.user_id = m.user_id;
  insert into member_words (company_id, user_id, word, previous_word)
    select m.company_id, m.user_id, words.word, words.previous_word
    from members m join users u on u.id = m.user_id
      left join user_emails e on e.user_id = m.user_id and e.is_primary
      cross join lateral words_of(u.display_name, e.address) as words
    where m.user_id = any (people);
end $$;
revoke execute on function write_member_words(uuid[]) from public;

create function add_member_words() returns trigger language plpgsql security definer
  set search_path = gatehouse, pg_temp as $$
begin
  insert into member_words (company_id, user_id, word, previous_word)
    select m.company_id, m.user_id, words.word, words.previous_word
    from came m join users u on u.id = m.user_id
      left join user_emails e on e.user_id = m.user_id and e.is_primary
      cross join lateral words_of(u.display_name, e.address) as words;
  return null;
end $$;
revoke execute on function add_member_words() from public;

create function remove_member_words() returns trigger language plpgsql security definer
  set search_path = gatehouse, pg_temp as $$
begin
  delete from member_words w using gone where w.company_id = gone.company_id and w.user_id = gone.user_id;
  return null;
end $$;
revoke execute on function remove_member_words() from public;

create function rename_member() returns trigger language plpgsql security definer
  set search_path = gatehouse, pg_temp as $$
begin
  perform write_member_words(array[new.id]);
  return null;
end $$;
revoke execute on function rename_member() from public;

create function readdress_member() returns trigger language plpgsql security definer
  set search_path = gatehouse, pg_temp as $$
begin
  perform write_member_words(array[old.user_id, new.user_id]);
  return null;
end $$;
revoke execute on function readdress_member() from public;

create function readdress_members() returns trigger language plpgsql security definer
  set search_path = gatehouse, pg_temp as $$
begin
  perform write_member_words(array_agg(user_id)) from addresses where is_primary having count(*) > 0;
  return null;
end $$;
revoke execute on function readdress_members() from public;

create trigger member_words_added after insert on members referencing new table as came
  for each statement execute function add_member_words();
create trigger member_words_removed after delete on members referencing old table as gone
  for each statement execute function remove_member_words();
create trigger user_words_changed after update on users for each row
  when (old.display_name is distinct from new.display_name) execute function rename_member();
create trigger user_email_words_added after insert on user_emails referencing new table as addresses
  for each statement execute function readdress_members();
create trigger user_email_words_removed after delete on user_emails referencing old table as addresses
  for each statement execute function readdress_members();
create trigger user_email_words_changed after update on user_emails for each row
  when ((old.is_primary or new.is_primary) and (old.address is distinct from new.address
    or old.user_id is distinct from new.user_id or old.is_primary is distinct from new.is_primary))
  execute function readdress_member();

insert into member_words (company_id, user_id, word, previous_word)
  select m.company_id, m.user_id, words.word, words.previous_word
  from members m join users u on u.id = m.user_id
    left join user_emails e on e.user_id = m.user_id and e.is_primary
    cross join lateral words_of(u.display_name, e.address) as words;

-- Administrators in the order of the list of members.
create index members_admins_in_order on members (company_id, user_id) where role = 'admin';
drop index members_admins;
`;
