-- Elected bodies and their proceedings: seats, sessions, agenda, named open votes.
CREATE SCHEMA bodies;
GRANT USAGE ON SCHEMA bodies TO plenum_app;

CREATE TABLE bodies.body (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    id uuid NOT NULL,
    -- The unit whose body it is: tenancy.unit, across modules without a foreign key.
    unit_id uuid NOT NULL,
    name text NOT NULL CHECK (name <> ''),
    kind text NOT NULL CHECK (kind IN ('congress', 'council', 'presidium', 'committee', 'audit_commission')),
    quorum_comparison text NOT NULL CHECK (quorum_comparison IN ('more_than', 'at_least')),
    quorum_numerator integer NOT NULL CHECK (quorum_numerator > 0),
    quorum_denominator integer NOT NULL CHECK (quorum_denominator > 0),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CHECK (quorum_numerator <= quorum_denominator),
    -- "More than all" can never be reached.
    CHECK (quorum_comparison = 'at_least' OR quorum_numerator < quorum_denominator)
);
CREATE UNIQUE INDEX body_name ON bodies.body (tenant_id, unit_id, name);
ALTER TABLE bodies.body ENABLE ROW LEVEL SECURITY;
ALTER TABLE bodies.body FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON bodies.body
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON bodies.body TO plenum_app;
GRANT UPDATE (name, quorum_comparison, quorum_numerator, quorum_denominator) ON bodies.body TO plenum_app;

CREATE TABLE bodies.seat (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    body_id uuid NOT NULL,
    account_id uuid NOT NULL,
    full_name text NOT NULL CHECK (full_name <> ''),
    -- The organization that the member comes from, as text: it may be another tenant's.
    organization text NOT NULL,
    email text NOT NULL CHECK (email <> ''),
    office text NOT NULL CHECK (office IN ('chair', 'deputy_chair', 'secretary', 'member')),
    elected_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, body_id) REFERENCES bodies.body (tenant_id, id)
);
-- One person, one seat; one chair.
CREATE UNIQUE INDEX seat_account ON bodies.seat (tenant_id, body_id, account_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX seat_chair ON bodies.seat (tenant_id, body_id) WHERE office = 'chair' AND ended_at IS NULL;
ALTER TABLE bodies.seat ENABLE ROW LEVEL SECURITY;
ALTER TABLE bodies.seat FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON bodies.seat
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON bodies.seat TO plenum_app;
GRANT UPDATE (ended_at) ON bodies.seat TO plenum_app;

CREATE TABLE bodies.session (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    body_id uuid NOT NULL,
    -- 1, 2, 3 … within the body.
    number integer NOT NULL CHECK (number > 0),
    title text NOT NULL CHECK (title <> ''),
    starts_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('scheduled', 'open', 'closed', 'cancelled')),
    opened_at timestamptz,
    -- The quorum's arithmetic at the opening.
    present_at_opening integer,
    required_present integer,
    closed_at timestamptz,
    cancel_reason text,
    minutes_state text NOT NULL CHECK (minutes_state IN ('none', 'pending', 'ready')),
    -- files.file, across modules without a foreign key.
    minutes_file_id uuid,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, body_id) REFERENCES bodies.body (tenant_id, id),
    CHECK ((state IN ('open', 'closed')) = (opened_at IS NOT NULL)),
    CHECK ((opened_at IS NULL) = (present_at_opening IS NULL)),
    CHECK ((opened_at IS NULL) = (required_present IS NULL)),
    CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
    CHECK ((minutes_state = 'ready') = (minutes_file_id IS NOT NULL))
);
CREATE UNIQUE INDEX session_number ON bodies.session (tenant_id, body_id, number);
CREATE INDEX session_time ON bodies.session (tenant_id, starts_at, id);
ALTER TABLE bodies.session ENABLE ROW LEVEL SECURITY;
ALTER TABLE bodies.session FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON bodies.session
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT, UPDATE ON bodies.session TO plenum_app;

-- The roll of a session: the seats called to it, with the notice of each.
CREATE TABLE bodies.roll (
    tenant_id uuid NOT NULL,
    session_id uuid NOT NULL,
    seat_id uuid NOT NULL,
    -- SHA-256 of the token in the personal link.
    notice_token_hash bytea CHECK (length(notice_token_hash) = 32),
    notice_sent_at timestamptz,
    notice_opened_at timestamptz,
    PRIMARY KEY (tenant_id, session_id, seat_id),
    FOREIGN KEY (tenant_id, session_id) REFERENCES bodies.session (tenant_id, id),
    FOREIGN KEY (tenant_id, seat_id) REFERENCES bodies.seat (tenant_id, id)
);
CREATE UNIQUE INDEX roll_token ON bodies.roll (tenant_id, notice_token_hash);
ALTER TABLE bodies.roll ENABLE ROW LEVEL SECURITY;
ALTER TABLE bodies.roll FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON bodies.roll
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT, DELETE ON bodies.roll TO plenum_app;
GRANT UPDATE (notice_token_hash, notice_sent_at, notice_opened_at) ON bodies.roll TO plenum_app;

CREATE TABLE bodies.agenda_item (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    session_id uuid NOT NULL,
    position integer NOT NULL CHECK (position > 0),
    title text NOT NULL CHECK (title <> ''),
    speaker text,
    draft_decision text,
    decision text,
    state text NOT NULL CHECK (state IN ('pending', 'current', 'done')),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, session_id) REFERENCES bodies.session (tenant_id, id)
);
CREATE UNIQUE INDEX agenda_item_position ON bodies.agenda_item (tenant_id, session_id, position);
CREATE UNIQUE INDEX agenda_item_current ON bodies.agenda_item (tenant_id, session_id) WHERE state = 'current';
ALTER TABLE bodies.agenda_item ENABLE ROW LEVEL SECURITY;
ALTER TABLE bodies.agenda_item FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON bodies.agenda_item
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON bodies.agenda_item TO plenum_app;
GRANT UPDATE (decision, state) ON bodies.agenda_item TO plenum_app;

CREATE TABLE bodies.agenda_material (
    tenant_id uuid NOT NULL,
    item_id uuid NOT NULL,
    position integer NOT NULL,
    -- files.file, across modules without a foreign key.
    file_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, item_id, position),
    FOREIGN KEY (tenant_id, item_id) REFERENCES bodies.agenda_item (tenant_id, id)
);
ALTER TABLE bodies.agenda_material ENABLE ROW LEVEL SECURITY;
ALTER TABLE bodies.agenda_material FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON bodies.agenda_material
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON bodies.agenda_material TO plenum_app;

CREATE TABLE bodies.vote (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    session_id uuid NOT NULL,
    item_id uuid NOT NULL,
    motion text NOT NULL CHECK (motion <> ''),
    state text NOT NULL CHECK (state IN ('open', 'closed')),
    opened_at timestamptz NOT NULL,
    closed_at timestamptz,
    -- The quorum's arithmetic at the opening.
    present_at_opening integer NOT NULL CHECK (present_at_opening >= required_present),
    required_present integer NOT NULL CHECK (required_present > 0),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, session_id) REFERENCES bodies.session (tenant_id, id),
    FOREIGN KEY (tenant_id, item_id) REFERENCES bodies.agenda_item (tenant_id, id),
    CHECK ((state = 'closed') = (closed_at IS NOT NULL))
);
-- One vote at a time.
CREATE UNIQUE INDEX vote_open ON bodies.vote (tenant_id, session_id) WHERE state = 'open';
CREATE INDEX vote_item ON bodies.vote (tenant_id, item_id, id);
ALTER TABLE bodies.vote ENABLE ROW LEVEL SECURITY;
ALTER TABLE bodies.vote FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON bodies.vote
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON bodies.vote TO plenum_app;
GRANT UPDATE (state, closed_at) ON bodies.vote TO plenum_app;

-- One row per seat and vote: the primary key is what keeps a vote from being counted twice. At the closing, those who
-- are present and have not voted get a row that says so.
CREATE TABLE bodies.ballot (
    tenant_id uuid NOT NULL,
    vote_id uuid NOT NULL,
    seat_id uuid NOT NULL,
    choice text NOT NULL CHECK (choice IN ('for', 'against', 'abstained', 'not_voted')),
    cast_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, vote_id, seat_id),
    FOREIGN KEY (tenant_id, vote_id) REFERENCES bodies.vote (tenant_id, id),
    FOREIGN KEY (tenant_id, seat_id) REFERENCES bodies.seat (tenant_id, id)
);
ALTER TABLE bodies.ballot ENABLE ROW LEVEL SECURITY;
ALTER TABLE bodies.ballot FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON bodies.ballot
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON bodies.ballot TO plenum_app;
GRANT UPDATE (choice, cast_at) ON bodies.ballot TO plenum_app;
