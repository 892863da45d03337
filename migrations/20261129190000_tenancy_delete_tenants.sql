-- An organization is deleted after a notice: who asked for it, why, and the day. What is left of it is its row here.
ALTER TABLE tenancy.tenant
    ADD COLUMN deletion_asked_at timestamptz,
    ADD COLUMN deletion_asked_by uuid,
    ADD COLUMN deletion_reason text CHECK (deletion_reason <> '' AND length(deletion_reason) <= 500),
    -- From this moment on it is deleted; until then it can be called off.
    ADD COLUMN deletion_due_at timestamptz,
    -- From here on nothing calls it off.
    ADD COLUMN deletion_begun_at timestamptz,
    -- What it was, measured before the first row went.
    ADD COLUMN deleted_files bigint CHECK (deleted_files >= 0),
    ADD COLUMN deleted_bytes bigint CHECK (deleted_bytes >= 0),
    ADD COLUMN deleted_audit_number bigint CHECK (deleted_audit_number >= 0),
    ADD COLUMN deleted_audit_hash bytea CHECK (octet_length(deleted_audit_hash) = 32),
    -- Rows by table, added up as they go.
    ADD COLUMN deleted_rows jsonb,
    ADD COLUMN deleted_at timestamptz,
    ADD CONSTRAINT tenant_deletion_asked CHECK (
        (deletion_asked_at IS NULL) = (deletion_due_at IS NULL)
        AND (deletion_asked_at IS NULL) = (deletion_asked_by IS NULL)
        AND (deletion_asked_at IS NULL) = (deletion_reason IS NULL)),
    ADD CONSTRAINT tenant_deletion_ordered CHECK (
        (deletion_begun_at IS NULL OR (deletion_due_at IS NOT NULL AND deletion_begun_at >= deletion_due_at))
        AND (deleted_files IS NULL OR deletion_begun_at IS NOT NULL)
        AND (deleted_at IS NULL OR deleted_files IS NOT NULL)),
    -- Nobody enters what is being deleted.
    ADD CONSTRAINT tenant_deletion_suspends CHECK (deletion_begun_at IS NULL OR suspended_at IS NOT NULL),
    -- A federation's own apparatus is never deleted.
    ADD CONSTRAINT tenant_deletion_of_members CHECK (NOT is_federation OR deletion_asked_at IS NULL);
GRANT UPDATE (deletion_asked_at, deletion_asked_by, deletion_reason, deletion_due_at, deletion_begun_at, deleted_files,
              deleted_bytes, deleted_audit_number, deleted_audit_hash, deleted_rows, deleted_at)
    ON tenancy.tenant TO plenum_operator;
