export type PeopleTables = {
  token: {
    id: string;
    person: string;
    label: string;
    hash: Buffer;
    roles: string[];
    environments: string[] | null;
    created_by: string;
    created_at: Date;
    expires_at: Date | null;
    revoked_at: Date | null;
    last_used_at: Date | null;
  };
  trusted_key: {
    key_id: string;
    name: string;
    public_pem: string;
    added_by: string;
    added_at: Date;
    revoked_at: Date | null;
  };
  plane_key: { key_id: string; public_pem: string; added_at: Date };
};
