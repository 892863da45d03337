-- When which item of an agenda was before the body. An item may be taken up more than once.
CREATE TABLE bodies.consideration (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    session_id uuid NOT NULL,
    item_id uuid NOT NULL,
    began_at timestamptz NOT NULL,
    -- Null while it is before the body.
    ended_at timestamptz CHECK (ended_at >= began_at),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, session_id) REFERENCES bodies.session (tenant_id, id),
    FOREIGN KEY (tenant_id, item_id) REFERENCES bodies.agenda_item (tenant_id, id)
);
CREATE INDEX consideration_of_session ON bodies.consideration (tenant_id, session_id, began_at);
CREATE UNIQUE INDEX consideration_now ON bodies.consideration (tenant_id, session_id) WHERE ended_at IS NULL;
ALTER TABLE bodies.consideration ENABLE ROW LEVEL SECURITY;
ALTER TABLE bodies.consideration FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON bodies.consideration
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON bodies.consideration TO plenum_app;
GRANT UPDATE (ended_at) ON bodies.consideration TO plenum_app;
GRANT SELECT (tenant_id), DELETE ON bodies.consideration TO plenum_operator;
