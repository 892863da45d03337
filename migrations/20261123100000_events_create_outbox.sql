-- Facts that modules tell one another: published in the transaction of their cause, relayed by jobs.
CREATE SCHEMA events;
GRANT USAGE ON SCHEMA events TO plenum_app;

CREATE TABLE events.outbox (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    id uuid NOT NULL,
    name text NOT NULL CHECK (name <> ''),
    payload jsonb NOT NULL,
    at timestamptz NOT NULL,
    relayed_at timestamptz,
    PRIMARY KEY (tenant_id, id)
);
ALTER TABLE events.outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE events.outbox FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON events.outbox
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON events.outbox TO plenum_app;
GRANT UPDATE (relayed_at) ON events.outbox TO plenum_app;

-- Which reactions have taken effect: written in the transaction of the effect, so that it happens once.
CREATE TABLE events.reaction (
    tenant_id uuid NOT NULL,
    event_id uuid NOT NULL,
    reaction text NOT NULL CHECK (reaction <> ''),
    at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, event_id, reaction),
    FOREIGN KEY (tenant_id, event_id) REFERENCES events.outbox (tenant_id, id)
);
ALTER TABLE events.reaction ENABLE ROW LEVEL SECURITY;
ALTER TABLE events.reaction FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON events.reaction
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON events.reaction TO plenum_app;
