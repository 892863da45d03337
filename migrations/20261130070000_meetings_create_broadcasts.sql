-- Sessions that anybody may watch who has the link, and the encoder that shows their hall.
CREATE TABLE meetings.broadcast (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    -- bodies.session, across modules without a foreign key.
    session_id uuid NOT NULL,
    -- What the link has: 122 random bits. It stays the same when the broadcast is stopped and started again.
    key uuid NOT NULL,
    -- Null while it is off.
    started_at timestamptz,
    -- The encoder that may publish, as it is known in the room; null when none may.
    encoder_id uuid,
    PRIMARY KEY (tenant_id, session_id),
    UNIQUE (tenant_id, key)
);
ALTER TABLE meetings.broadcast ENABLE ROW LEVEL SECURITY;
ALTER TABLE meetings.broadcast FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON meetings.broadcast
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON meetings.broadcast TO plenum_app;
GRANT UPDATE (started_at, encoder_id) ON meetings.broadcast TO plenum_app;
GRANT SELECT (tenant_id), DELETE ON meetings.broadcast TO plenum_operator;
