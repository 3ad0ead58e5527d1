-- One row an environment: the fencing number last given out, and the rollout that has the environment now.
create table rollout_environment (
  environment text primary key,
  epoch bigint not null default 0,
  open_rollout text
);

create table rollout (
  id text primary key,
  -- the order in which rollouts were opened
  number bigint generated always as identity unique,
  release text not null,
  environment text not null references rollout_environment (environment),
  plan text not null,
  state text not null check (state in ('running', 'undoing', 'done', 'undone', 'stuck', 'abandoned')),
  because text not null default '',
  epoch bigint not null,
  -- null: nobody carries it
  holder text,
  held_until timestamptz,
  opened_at timestamptz not null,
  moved_at timestamptz not null,
  check ((holder is null) = (held_until is null))
);
create index rollout_unfinished on rollout (number) where state in ('running', 'undoing');
create index rollout_release on rollout (release);

create table rollout_step (
  rollout text not null references rollout (id),
  index integer not null check (index >= 0),
  step jsonb not null,
  state text not null check (state in ('pending', 'intended', 'waiting', 'done', 'failed', 'errored',
    'undo-intended', 'undo-waiting', 'undo-errored', 'undone', 'undo-failed')),
  attempts integer not null default 0,
  detail text not null default '',
  not_before timestamptz,
  primary key (rollout, index)
);
