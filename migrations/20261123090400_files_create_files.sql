-- Blobs of a tenant: the row is here, the bytes are in the object store under tenant/id.
CREATE SCHEMA files;
GRANT USAGE ON SCHEMA files TO plenum_app;

CREATE TABLE files.file (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    id uuid NOT NULL,
    name text NOT NULL CHECK (name <> '' AND length(name) <= 255),
    content_type text NOT NULL,
    size_bytes bigint NOT NULL CHECK (size_bytes >= 0),
    -- Null until the bytes have arrived.
    sha256 bytea CHECK (length(sha256) = 32),
    -- Null when the platform itself made the file.
    created_by uuid,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
ALTER TABLE files.file ENABLE ROW LEVEL SECURITY;
ALTER TABLE files.file FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON files.file
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON files.file TO plenum_app;
GRANT UPDATE (size_bytes, sha256) ON files.file TO plenum_app;
