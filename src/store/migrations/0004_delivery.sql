create table environment (
  name text primary key,
  after text,
  promote text not null check (promote in ('automatic', 'manual')),
  gates jsonb not null,
  targets jsonb not null,
  secrets jsonb not null,
  registered_by text not null,
  registered_at timestamptz not null
);

create table bundle (
  digest text primary key,
  project text not null,
  bytes bigint not null,
  uploaded_by text not null,
  uploaded_at timestamptz not null
);

create table release (
  id text primary key,
  -- the order in which releases were asked
  number bigint generated always as identity unique,
  project text not null,
  bundle text not null,
  environment text not null references environment (name),
  kind text not null,
  requested_by text not null,
  authors text[] not null,
  requested_at timestamptz not null,
  findings jsonb not null,
  state text not null,
  because text not null,
  plan jsonb,
  -- the bundle that was live before it, set when it is live
  before text,
  -- the release after which it was asked by itself
  following text,
  rollout text,
  -- when it became the live one, kept after it was superseded
  live_at timestamptz,
  -- why nothing could be told at the last attempt; null when the last one went well
  trouble jsonb,
  changed_at timestamptz not null
);
create index release_place on release (environment, project, number desc);
create unique index release_live on release (environment, project) where state = 'live';

create table approval (
  number bigint generated always as identity primary key,
  release text not null references release (id),
  body jsonb not null,
  unique (release, body)
);
create trigger approval_keeps before update or delete on approval for each row execute function refuse_change();

create table disabled_asset (
  environment text not null references environment (name),
  asset text not null,
  disabled_by text not null,
  disabled_at timestamptz not null,
  reason text not null,
  primary key (environment, asset)
);

-- One asset stopped, or let go on. Its rollout has the same id.
create table toggle (
  id text primary key,
  number bigint generated always as identity unique,
  project text not null,
  environment text not null references environment (name),
  asset text not null,
  way text not null check (way in ('disable', 'enable')),
  reason text not null,
  requested_by text not null,
  requested_at timestamptz not null,
  state text not null,
  because text not null
);
