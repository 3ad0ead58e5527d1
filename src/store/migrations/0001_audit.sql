-- One log. Its row is locked by whoever appends, until the transaction ends, so entries stand in the order of commit.
create table audit_log (
  id uuid primary key default gen_random_uuid(),
  only_one boolean not null default true unique check (only_one),
  size bigint not null default 0,
  peaks bytea not null default ''
);
insert into audit_log default values;

create table audit_entry (
  seq bigint primary key,
  body text not null,
  leaf bytea not null,
  actor text not null generated always as ((body::jsonb) ->> 'actor') stored,
  action text not null generated always as ((body::jsonb) ->> 'action') stored,
  subject text not null generated always as ((body::jsonb) ->> 'subject') stored
);
create index audit_entry_subject on audit_entry (subject, seq);
create index audit_entry_action on audit_entry (action, seq);

-- Tree heads that the control plane signed.
create table audit_head (
  size bigint not null,
  key_id text not null,
  body text not null,
  signature text not null,
  primary key (size, key_id)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % is refused', tg_table_name, tg_op using errcode = 'insufficient_privilege';
end
$$;

create trigger audit_entry_keeps before update or delete on audit_entry for each row execute function refuse_change();
create trigger audit_entry_stays before truncate on audit_entry for each statement execute function refuse_change();
create trigger audit_head_keeps before update or delete on audit_head for each row execute function refuse_change();
create trigger audit_head_stays before truncate on audit_head for each statement execute function refuse_change();
create trigger audit_log_stays before delete or truncate on audit_log for each statement execute function refuse_change();
