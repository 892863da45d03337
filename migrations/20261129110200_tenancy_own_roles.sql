-- Roles that a tenant makes for itself out of the permissions that exist, and the version of all of them: whoever holds
-- one is decided on at the version that holds at that moment, on every server.
CREATE TABLE tenancy.own_role (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    id uuid NOT NULL,
    name text COLLATE tenancy.natural NOT NULL CHECK (name <> '' AND length(name) <= 100),
    description text NOT NULL CHECK (length(description) <= 500),
    permissions text[] NOT NULL CHECK (cardinality(permissions) BETWEEN 1 AND 200),
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX own_role_name ON tenancy.own_role (tenant_id, lower(name));
ALTER TABLE tenancy.own_role ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenancy.own_role FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON tenancy.own_role
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON tenancy.own_role TO plenum_app;

-- Never the same number twice, not even after a rollback: servers keep what they loaded under it.
CREATE SEQUENCE tenancy.role_version;
GRANT USAGE ON SEQUENCE tenancy.role_version TO plenum_app;
CREATE TABLE tenancy.own_role_version (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    version bigint NOT NULL CHECK (version > 0),
    PRIMARY KEY (tenant_id)
);
ALTER TABLE tenancy.own_role_version ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenancy.own_role_version FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON tenancy.own_role_version
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT, UPDATE ON tenancy.own_role_version TO plenum_app;

-- A grant of an own role names it as own:<id>; one that is held cannot disappear.
ALTER TABLE tenancy.role_grant
    ADD COLUMN own_role_id uuid GENERATED ALWAYS AS
        (CASE WHEN role LIKE 'own:%' THEN substr(role, 5)::uuid END) STORED,
    ADD CONSTRAINT role_grant_own_role
        FOREIGN KEY (tenant_id, own_role_id) REFERENCES tenancy.own_role (tenant_id, id)
        -- There is no such grant yet, and row security keeps the owner from looking through all tenants for one.
        NOT VALID;
CREATE INDEX role_grant_role ON tenancy.role_grant (tenant_id, role);
