-- The record card: what a keeper changes, what a member asks to change, consents, and the history of all of it.
ALTER TABLE members.person
    -- 'left': another organization took the member over; the record stays, closed.
    ADD COLUMN state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'left')),
    ADD COLUMN left_at timestamptz,
    ADD COLUMN left_to uuid REFERENCES tenancy.tenant (id),
    -- Counts the changes, so that of two keepers the second is told.
    ADD COLUMN revision integer NOT NULL DEFAULT 1 CHECK (revision > 0),
    -- Membership cards verify only with the present number.
    ADD COLUMN card_serial integer NOT NULL DEFAULT 1 CHECK (card_serial > 0),
    -- Null: as old as the record.
    ADD COLUMN card_issued_on date,
    -- What a search looks through besides the name: card, phone, address, workplace and position.
    ADD COLUMN find_key text COLLATE "C" GENERATED ALWAYS AS (
        coalesce(card_key, '') || ' ' || coalesce(phone, '') || ' ' || coalesce(lower(email), '') || ' '
            || translate(lower(coalesce(workplace, '') || ' ' || coalesce(position, '')), 'ё', 'е')) STORED,
    ADD CONSTRAINT person_left CHECK ((state = 'left') = (left_at IS NOT NULL) AND (state = 'left') = (left_to IS NOT NULL));
GRANT UPDATE (unit_id, surname, given_name, patronymic, name_key, birth_date, sex, phone, email, workplace, position,
              joined_on, card_number, card_key, consent, state, left_at, left_to, revision, card_serial, card_issued_on)
    ON members.person TO plenum_app;
CREATE INDEX office_person ON members.office (tenant_id, person_id);

-- Each time that a consent was given, refused or withdrawn; person.consent is what holds now.
CREATE TABLE members.consent (
    tenant_id uuid NOT NULL,
    -- members.person, without a foreign key: looking each person up would make an import a fifth slower. For tenant_id
    -- the policy below vouches.
    person_id uuid NOT NULL,
    id uuid NOT NULL,
    act text NOT NULL CHECK (act IN ('given', 'refused', 'withdrawn')),
    -- Which text was agreed to.
    text_version text NOT NULL CHECK (text_version <> ''),
    on_date date NOT NULL,
    source text NOT NULL CHECK (source IN ('import', 'paper', 'portal', 'transfer')),
    recorded_at timestamptz NOT NULL,
    recorded_by uuid,
    PRIMARY KEY (tenant_id, person_id, id)
);
ALTER TABLE members.consent ENABLE ROW LEVEL SECURITY;
ALTER TABLE members.consent FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON members.consent
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON members.consent TO plenum_app;

-- What happened to a member, told by this module and by others. The import of a record is told by the record itself.
CREATE TABLE members.history (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    at timestamptz NOT NULL,
    kind text NOT NULL CHECK (kind <> ''),
    -- The account that did it; null when the platform did.
    actor_id uuid,
    -- A typed id in its outside form.
    subject text,
    -- Names as they were then, values before and after. No secrets.
    detail jsonb NOT NULL DEFAULT '{}',
    -- The event that tells of it.
    event_id uuid,
    -- Where it happened, when the record came from there.
    origin_tenant_id uuid REFERENCES tenancy.tenant (id),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES members.person (tenant_id, id)
);
CREATE INDEX history_person ON members.history (tenant_id, person_id, at, id);
ALTER TABLE members.history ENABLE ROW LEVEL SECURITY;
ALTER TABLE members.history FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON members.history
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON members.history TO plenum_app;

-- Changes of their own data that members ask for.
CREATE TABLE members.correction (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    -- Field by field: before, after.
    changes jsonb NOT NULL,
    note text,
    state text NOT NULL CHECK (state IN ('pending', 'approved', 'rejected')),
    requested_at timestamptz NOT NULL,
    requested_by uuid NOT NULL,
    decided_at timestamptz,
    decided_by uuid,
    reason text,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES members.person (tenant_id, id),
    CHECK ((state = 'pending') = (decided_at IS NULL)),
    CHECK (state <> 'rejected' OR reason IS NOT NULL)
);
-- One waits at a time.
CREATE UNIQUE INDEX correction_pending ON members.correction (tenant_id, person_id) WHERE state = 'pending';
CREATE INDEX correction_person ON members.correction (tenant_id, person_id, id);
ALTER TABLE members.correction ENABLE ROW LEVEL SECURITY;
ALTER TABLE members.correction FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON members.correction
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON members.correction TO plenum_app;
GRANT UPDATE (state, decided_at, decided_by, reason) ON members.correction TO plenum_app;
