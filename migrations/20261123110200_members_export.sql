-- Lists of members written into files.
CREATE TABLE members.export (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    id uuid NOT NULL,
    format text NOT NULL CHECK (format IN ('xlsx', 'csv')),
    -- What the list shows, and in which order.
    wanted jsonb NOT NULL,
    -- The units for whose people whoever exports keeps the register; null is all of the tenant.
    scope_units uuid[],
    state text NOT NULL CHECK (state IN ('running', 'done', 'failed')),
    done integer NOT NULL DEFAULT 0 CHECK (done >= 0),
    total integer NOT NULL DEFAULT 0 CHECK (total >= 0),
    -- files.file, across modules without a foreign key.
    file_id uuid,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CHECK ((state = 'done') = (file_id IS NOT NULL))
);
ALTER TABLE members.export ENABLE ROW LEVEL SECURITY;
ALTER TABLE members.export FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON members.export
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON members.export TO plenum_app;
GRANT UPDATE (state, done, total, file_id) ON members.export TO plenum_app;
