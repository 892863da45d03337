-- The tree of organizations: tenants (a directory that all may read), their units, and the roles given in them.
-- Row-level security is forced on every table with tenant_id: the owner of the tables is bound by it too.
CREATE SCHEMA tenancy;
GRANT USAGE ON SCHEMA tenancy TO plenum_app, plenum_operator;

-- Sorts «ППО № 2» before «ППО № 10».
CREATE COLLATION tenancy.natural (provider = icu, locale = 'ru-u-kn-true');

CREATE TABLE tenancy.tenant (
    id uuid PRIMARY KEY,
    slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z][a-z0-9-]{1,40}$'),
    name text NOT NULL CHECK (name <> ''),
    short_name text NOT NULL CHECK (short_name <> ''),
    is_federation boolean NOT NULL DEFAULT false,
    parent_id uuid REFERENCES tenancy.tenant (id),
    created_at timestamptz NOT NULL
);
GRANT SELECT ON tenancy.tenant TO plenum_app;
GRANT SELECT, INSERT ON tenancy.tenant TO plenum_operator;

CREATE TABLE tenancy.unit (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    id uuid NOT NULL,
    parent_id uuid,
    kind text NOT NULL CHECK (kind IN ('apparatus', 'primary', 'shop', 'group')),
    name text COLLATE tenancy.natural NOT NULL CHECK (name <> ''),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, parent_id) REFERENCES tenancy.unit (tenant_id, id)
);
-- One root per tenant: the apparatus.
CREATE UNIQUE INDEX unit_root ON tenancy.unit (tenant_id) WHERE parent_id IS NULL;
CREATE UNIQUE INDEX unit_name ON tenancy.unit (tenant_id, parent_id, name);
ALTER TABLE tenancy.unit ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenancy.unit FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON tenancy.unit
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT, UPDATE ON tenancy.unit TO plenum_app;

-- Every pair of a unit and one of its ancestors, itself (distance 0) included.
CREATE TABLE tenancy.unit_closure (
    tenant_id uuid NOT NULL,
    ancestor_id uuid NOT NULL,
    descendant_id uuid NOT NULL,
    distance integer NOT NULL CHECK (distance >= 0),
    PRIMARY KEY (tenant_id, ancestor_id, descendant_id),
    FOREIGN KEY (tenant_id, ancestor_id) REFERENCES tenancy.unit (tenant_id, id),
    FOREIGN KEY (tenant_id, descendant_id) REFERENCES tenancy.unit (tenant_id, id)
);
CREATE INDEX unit_closure_descendant ON tenancy.unit_closure (tenant_id, descendant_id, distance);
ALTER TABLE tenancy.unit_closure ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenancy.unit_closure FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON tenancy.unit_closure
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT, DELETE ON tenancy.unit_closure TO plenum_app;

-- Which accounts may enter the tenant. The one table that an account also sees without a tenant, and then only
-- its own rows: that is how the list of "my organizations" is made at sign-in.
CREATE TABLE tenancy.account_access (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    account_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, account_id)
);
CREATE INDEX account_access_account ON tenancy.account_access (account_id);
ALTER TABLE tenancy.account_access ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenancy.account_access FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON tenancy.account_access
    USING (
        tenant_id = nullif(current_setting('plenum.tenant_id', true), '')::uuid
        OR account_id = nullif(current_setting('plenum.account_id', true), '')::uuid
    )
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT, DELETE ON tenancy.account_access TO plenum_app;

-- A role given to an account in a unit, or in one resource of that unit (a body).
CREATE TABLE tenancy.role_grant (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    role text NOT NULL CHECK (role <> ''),
    unit_id uuid NOT NULL,
    -- Both null: the whole unit and all below it. Else only this resource, e.g. kind 'body'.
    inner_kind text,
    inner_id uuid,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, unit_id) REFERENCES tenancy.unit (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES tenancy.account_access (tenant_id, account_id),
    CHECK ((inner_kind IS NULL) = (inner_id IS NULL))
);
CREATE UNIQUE INDEX role_grant_once ON tenancy.role_grant
    (tenant_id, account_id, role, unit_id, inner_id) NULLS NOT DISTINCT;
ALTER TABLE tenancy.role_grant ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenancy.role_grant FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON tenancy.role_grant
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT, DELETE ON tenancy.role_grant TO plenum_app;
