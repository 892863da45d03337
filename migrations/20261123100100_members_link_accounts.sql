-- Which account a member signs in with, and the offices that they hold: what others address people by.
ALTER TABLE members.person ADD COLUMN account_id uuid;
CREATE UNIQUE INDEX person_account ON members.person (tenant_id, account_id) WHERE account_id IS NOT NULL;
CREATE INDEX person_email ON members.person (tenant_id, lower(email)) WHERE email IS NOT NULL;
GRANT UPDATE (account_id) ON members.person TO plenum_app;

-- Offices held: from the register's own column (no seat), and from seats in elected bodies.
CREATE TABLE members.office (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    office text NOT NULL CHECK (office IN ('chair', 'deputy_chair', 'secretary', 'treasurer', 'committee_member',
                                           'audit_member', 'body_member')),
    -- tenancy.unit of which it is an office.
    unit_id uuid NOT NULL,
    -- bodies.seat and bodies.body, across modules without foreign keys; null when only the register tells of it.
    seat_id uuid,
    body_id uuid,
    since timestamptz NOT NULL,
    until timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES members.person (tenant_id, id),
    CHECK ((seat_id IS NULL) = (body_id IS NULL)),
    CHECK (until IS NULL OR until >= since)
);
CREATE UNIQUE INDEX office_seat ON members.office (tenant_id, seat_id) WHERE seat_id IS NOT NULL;
CREATE UNIQUE INDEX office_once ON members.office (tenant_id, person_id, office, unit_id)
    WHERE seat_id IS NULL AND until IS NULL;
CREATE INDEX office_body ON members.office (tenant_id, body_id) WHERE until IS NULL;
ALTER TABLE members.office ENABLE ROW LEVEL SECURITY;
ALTER TABLE members.office FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON members.office
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON members.office TO plenum_app;
GRANT UPDATE (until) ON members.office TO plenum_app;
