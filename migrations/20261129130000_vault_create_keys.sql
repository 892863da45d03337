-- Keys of sealed columns, wrapped by the master key, which is never in the database: a copy of it tells nothing of them.
CREATE SCHEMA vault;
GRANT USAGE ON SCHEMA vault TO plenum_app, plenum_operator;

-- Which master key wraps the keys below: one row, and nothing from which the key could be found.
CREATE TABLE vault.master_key (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    -- The first half of HMAC-SHA-256 of a constant under the master key.
    check_value bytea NOT NULL CHECK (octet_length(check_value) = 16),
    since timestamptz NOT NULL
);
GRANT SELECT, INSERT ON vault.master_key TO plenum_app;
GRANT SELECT ON vault.master_key TO plenum_operator;
GRANT UPDATE (check_value, since) ON vault.master_key TO plenum_operator;

CREATE TABLE vault.tenant_key (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    -- 'seal' encrypts values, 'index' makes the blind indexes by which they are looked for.
    purpose text NOT NULL CHECK (purpose IN ('seal', 'index')),
    -- 1, 2, 3 …: stands in each value that the key sealed.
    number integer NOT NULL CHECK (number > 0),
    wrapped bytea NOT NULL,
    created_at timestamptz NOT NULL,
    -- From then on it opens what it sealed, and seals no more.
    retired_at timestamptz,
    PRIMARY KEY (tenant_id, purpose, number)
);
CREATE UNIQUE INDEX tenant_key_active ON vault.tenant_key (tenant_id, purpose) WHERE retired_at IS NULL;
ALTER TABLE vault.tenant_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE vault.tenant_key FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON vault.tenant_key
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON vault.tenant_key TO plenum_app;
GRANT UPDATE (retired_at) ON vault.tenant_key TO plenum_app;
-- A new master key wraps the keys of all tenants anew, in one transaction.
GRANT SELECT ON vault.tenant_key TO plenum_operator;
GRANT UPDATE (wrapped) ON vault.tenant_key TO plenum_operator;

-- The same for what belongs to no tenant, such as the second factors of accounts.
CREATE TABLE vault.installation_key (
    purpose text NOT NULL CHECK (purpose IN ('seal', 'index')),
    number integer NOT NULL CHECK (number > 0),
    wrapped bytea NOT NULL,
    created_at timestamptz NOT NULL,
    retired_at timestamptz,
    PRIMARY KEY (purpose, number)
);
CREATE UNIQUE INDEX installation_key_active ON vault.installation_key (purpose) WHERE retired_at IS NULL;
GRANT SELECT, INSERT ON vault.installation_key TO plenum_app;
GRANT UPDATE (retired_at) ON vault.installation_key TO plenum_app;
GRANT SELECT ON vault.installation_key TO plenum_operator;
GRANT UPDATE (wrapped) ON vault.installation_key TO plenum_operator;
