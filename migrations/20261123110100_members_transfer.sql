-- Members who move to another organization: an act that both sides see, one row on each under the same id.
CREATE TABLE members.transfer (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    direction text NOT NULL CHECK (direction IN ('outgoing', 'incoming')),
    -- The organization on the other side.
    other_tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    -- The record here: of an incoming one, when it is done.
    person_id uuid,
    -- What the receiving side sees before it decides.
    full_name text NOT NULL CHECK (full_name <> ''),
    birth_date date NOT NULL,
    note text,
    state text NOT NULL CHECK (state IN ('requested', 'accepted', 'done', 'refused', 'cancelled')),
    requested_at timestamptz NOT NULL,
    requested_by uuid,
    -- Where an incoming one was accepted to.
    unit_id uuid,
    decided_at timestamptz,
    decided_by uuid,
    reason text,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES members.person (tenant_id, id),
    CHECK (direction = 'incoming' OR person_id IS NOT NULL),
    CHECK ((state = 'requested') = (decided_at IS NULL))
);
-- A member is on the way to one place at a time.
CREATE UNIQUE INDEX transfer_open ON members.transfer (tenant_id, person_id)
    WHERE direction = 'outgoing' AND state IN ('requested', 'accepted');
ALTER TABLE members.transfer ENABLE ROW LEVEL SECURITY;
ALTER TABLE members.transfer FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON members.transfer
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON members.transfer TO plenum_app;
GRANT UPDATE (person_id, state, unit_id, decided_at, decided_by, reason) ON members.transfer TO plenum_app;
