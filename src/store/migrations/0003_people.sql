-- What is shown once at creation is 32 random bytes; only its SHA-256 is kept.
create table token (
  id text primary key,
  person text not null,
  label text not null,
  hash bytea not null unique,
  roles text[] not null,
  -- null: every environment
  environments text[],
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);

-- Whose findings and provenance count.
create table trusted_key (
  key_id text primary key,
  name text not null,
  public_pem text not null,
  added_by text not null,
  added_at timestamptz not null,
  revoked_at timestamptz
);

-- Public halves of the keys that control plane processes sign approvals and tree heads with.
create table plane_key (
  key_id text primary key,
  public_pem text not null,
  added_at timestamptz not null
);
