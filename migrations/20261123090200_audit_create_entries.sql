-- Who did what, append-only: the application may add and read, never change or remove.
CREATE SCHEMA audit;
GRANT USAGE ON SCHEMA audit TO plenum_app, plenum_operator;

CREATE TABLE audit.entry (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    -- Null when the platform itself acted; then actor_name says which part.
    actor_id uuid,
    actor_name text,
    action text NOT NULL CHECK (action <> ''),
    subject text NOT NULL,
    detail jsonb NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CHECK ((actor_id IS NULL) <> (actor_name IS NULL))
);
CREATE INDEX entry_subject ON audit.entry (tenant_id, subject, id);
ALTER TABLE audit.entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit.entry FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON audit.entry
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON audit.entry TO plenum_app;

-- What an operator did across tenants.
CREATE TABLE audit.operator_entry (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    purpose text NOT NULL CHECK (purpose <> '')
);
GRANT SELECT, INSERT ON audit.operator_entry TO plenum_operator;
