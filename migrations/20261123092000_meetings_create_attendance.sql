-- Who was connected to the video room of a session, and when: presence, from which bodies takes its quorum.
CREATE SCHEMA meetings;
GRANT USAGE ON SCHEMA meetings TO plenum_app;

CREATE TABLE meetings.attendance (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    -- The connection's id, made by the SFU.
    id uuid NOT NULL,
    -- bodies.session, across modules without a foreign key.
    session_id uuid NOT NULL,
    account_id uuid NOT NULL,
    -- The server that holds the connection: when it starts anew, its old connections are gone.
    node text NOT NULL,
    joined_at timestamptz NOT NULL,
    left_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    CHECK (left_at IS NULL OR left_at >= joined_at)
);
CREATE INDEX attendance_session ON meetings.attendance (tenant_id, session_id, account_id);
CREATE INDEX attendance_open ON meetings.attendance (tenant_id, node) WHERE left_at IS NULL;
ALTER TABLE meetings.attendance ENABLE ROW LEVEL SECURITY;
ALTER TABLE meetings.attendance FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON meetings.attendance
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON meetings.attendance TO plenum_app;
GRANT UPDATE (left_at) ON meetings.attendance TO plenum_app;
