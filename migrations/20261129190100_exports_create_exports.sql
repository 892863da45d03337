-- Exports of everything that an organization has, into one file that is offered for some days.
CREATE SCHEMA exports;
GRANT USAGE ON SCHEMA exports TO plenum_app;

CREATE TABLE exports.tenant_export (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('running', 'ready', 'failed', 'cancelled', 'expired')),
    ordered_by uuid NOT NULL,
    ordered_at timestamptz NOT NULL,
    -- files.file, across schemas without a foreign key: chosen with the order, so that a repeated attempt finds and
    -- removes what the one before left half written.
    file_id uuid NOT NULL,
    attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    tables_done integer NOT NULL DEFAULT 0 CHECK (tables_done >= 0),
    tables_total integer NOT NULL DEFAULT 0 CHECK (tables_total >= 0),
    files_done bigint NOT NULL DEFAULT 0 CHECK (files_done >= 0),
    files_total bigint NOT NULL DEFAULT 0 CHECK (files_total >= 0),
    row_count bigint NOT NULL DEFAULT 0 CHECK (row_count >= 0),
    size_bytes bigint CHECK (size_bytes >= 0),
    finished_at timestamptz,
    -- When the file is removed.
    expires_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    CHECK ((state = 'running') = (finished_at IS NULL)),
    CHECK (state <> 'ready' OR (size_bytes IS NOT NULL AND expires_at IS NOT NULL))
);
-- One at a time.
CREATE UNIQUE INDEX tenant_export_running ON exports.tenant_export (tenant_id) WHERE state = 'running';
ALTER TABLE exports.tenant_export ENABLE ROW LEVEL SECURITY;
ALTER TABLE exports.tenant_export FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON exports.tenant_export
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON exports.tenant_export TO plenum_app;
GRANT UPDATE (state, attempts, tables_done, tables_total, files_done, files_total, row_count, size_bytes, finished_at,
              expires_at)
    ON exports.tenant_export TO plenum_app;
