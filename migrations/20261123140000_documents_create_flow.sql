-- Paperless document flow: journals, cards, versions, routes, signatures, tasks, and exchange between organizations.
CREATE SCHEMA documents;
GRANT USAGE ON SCHEMA documents TO plenum_app;

CREATE TABLE documents.journal (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('incoming', 'outgoing', 'internal', 'order', 'minutes')),
    name text NOT NULL CHECK (name <> ''),
    -- Where {n} stands for the number, {yy} and {yyyy} for the year.
    pattern text NOT NULL CHECK (pattern LIKE '%{n}%'),
    -- Whether numbers begin anew each year.
    yearly boolean NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT journal_name UNIQUE (tenant_id, name)
);
ALTER TABLE documents.journal ENABLE ROW LEVEL SECURITY;
ALTER TABLE documents.journal FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON documents.journal
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON documents.journal TO plenum_app;

-- The last number given. Its row is locked by the registering transaction, so a number is taken exactly when the
-- registration is kept: no gap, no double. The year is 0 where numbers are not yearly.
CREATE TABLE documents.counter (
    tenant_id uuid NOT NULL,
    journal_id uuid NOT NULL,
    year integer NOT NULL,
    last integer NOT NULL CHECK (last > 0),
    PRIMARY KEY (tenant_id, journal_id, year),
    FOREIGN KEY (tenant_id, journal_id) REFERENCES documents.journal (tenant_id, id)
);
ALTER TABLE documents.counter ENABLE ROW LEVEL SECURITY;
ALTER TABLE documents.counter FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON documents.counter
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON documents.counter TO plenum_app;
GRANT UPDATE (last) ON documents.counter TO plenum_app;

CREATE TABLE documents.document (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('incoming', 'outgoing', 'internal', 'order', 'minutes')),
    title text NOT NULL CHECK (title <> ''),
    summary text NOT NULL,
    -- From whom or to whom, and under which number and date of theirs.
    correspondent text,
    their_number text,
    their_date date,
    -- Accounts. The author is null when the platform made the document.
    author_id uuid,
    executor_id uuid,
    -- tenancy.unit.
    unit_id uuid NOT NULL,
    pages integer CHECK (pages > 0),
    due_on date,
    tags text[] NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'routing', 'returned', 'completed')),
    -- 1, 2, 3 …: how often the route was started; 0 before.
    round integer NOT NULL DEFAULT 0 CHECK (round >= 0),
    -- The registration: all or nothing.
    journal_id uuid,
    year integer,
    sequence integer CHECK (sequence > 0),
    number text,
    registered_at timestamptz,
    -- Null when the platform registered it.
    registered_by uuid,
    -- bodies.session whose minutes it is.
    session_id uuid,
    -- The organization that sent it and the dispatch there: it arrives once.
    source_tenant_id uuid,
    source_dispatch_id uuid,
    -- The sender's signatures with the hashes that they bind, as the sender stated them.
    statement jsonb,
    -- files.file with the printed signatures.
    sheet_file_id uuid,
    -- Card and text of the latest version. `@@` is not leakproof, so that row security keeps it from an index: the
    -- tenant's rows are found by their key, and only those are searched.
    search tsvector NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, journal_id) REFERENCES documents.journal (tenant_id, id),
    CHECK ((journal_id IS NULL) = (sequence IS NULL)),
    CHECK ((journal_id IS NULL) = (year IS NULL)),
    CHECK ((journal_id IS NULL) = (number IS NULL)),
    CHECK ((journal_id IS NULL) = (registered_at IS NULL)),
    CHECK ((source_tenant_id IS NULL) = (source_dispatch_id IS NULL))
);
CREATE UNIQUE INDEX document_number ON documents.document (tenant_id, journal_id, year, sequence)
    WHERE journal_id IS NOT NULL;
CREATE UNIQUE INDEX document_session ON documents.document (tenant_id, session_id) WHERE session_id IS NOT NULL;
CREATE UNIQUE INDEX document_source ON documents.document (tenant_id, source_tenant_id, source_dispatch_id)
    WHERE source_tenant_id IS NOT NULL;
CREATE INDEX document_author ON documents.document (tenant_id, author_id);
CREATE INDEX document_executor ON documents.document (tenant_id, executor_id);
ALTER TABLE documents.document ENABLE ROW LEVEL SECURITY;
ALTER TABLE documents.document FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON documents.document
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON documents.document TO plenum_app;
GRANT UPDATE (title, summary, correspondent, their_number, their_date, executor_id, pages, due_on, tags, state, round, journal_id, year, sequence, number, registered_at, registered_by, sheet_file_id, search) ON documents.document TO plenum_app;

CREATE TABLE documents.version (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    document_id uuid NOT NULL,
    -- 1, 2, 3 … within the document.
    ordinal integer NOT NULL CHECK (ordinal > 0),
    -- files.file
    file_id uuid NOT NULL,
    name text NOT NULL CHECK (name <> ''),
    -- What the bytes are, by looking at them.
    content_type text NOT NULL,
    size_bytes bigint NOT NULL CHECK (size_bytes >= 0),
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    -- Why the file is not to be trusted; null when nothing is wrong with it.
    flag text CHECK (flag IN ('type_mismatch', 'encrypted', 'unpacks_too_far', 'executable', 'broken')),
    author_id uuid,
    comment text NOT NULL,
    text_state text NOT NULL CHECK (text_state IN ('pending', 'done', 'none', 'failed')),
    body text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT version_ordinal UNIQUE (tenant_id, document_id, ordinal),
    FOREIGN KEY (tenant_id, document_id) REFERENCES documents.document (tenant_id, id)
);
ALTER TABLE documents.version ENABLE ROW LEVEL SECURITY;
ALTER TABLE documents.version FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON documents.version
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON documents.version TO plenum_app;
GRANT UPDATE (text_state, body) ON documents.version TO plenum_app;

CREATE TABLE documents.step (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    document_id uuid NOT NULL,
    round integer NOT NULL CHECK (round > 0),
    -- Steps of one group go in parallel, groups one after another.
    group_no integer NOT NULL CHECK (group_no > 0),
    act text NOT NULL CHECK (act IN ('approve', 'sign', 'acknowledge')),
    account_id uuid NOT NULL,
    due_on date,
    state text NOT NULL CHECK (state IN ('waiting', 'active', 'done', 'returned', 'skipped')),
    acted_at timestamptz,
    -- Who acted: the participant or their substitute.
    acted_by uuid,
    comment text NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, document_id) REFERENCES documents.document (tenant_id, id),
    CHECK ((state IN ('done', 'returned')) = (acted_at IS NOT NULL)),
    CHECK ((acted_at IS NULL) = (acted_by IS NULL))
);
CREATE INDEX step_document ON documents.step (tenant_id, document_id, round, group_no, id);
CREATE INDEX step_account ON documents.step (tenant_id, account_id, document_id);
ALTER TABLE documents.step ENABLE ROW LEVEL SECURITY;
ALTER TABLE documents.step FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON documents.step
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON documents.step TO plenum_app;
GRANT UPDATE (state, acted_at, acted_by, comment) ON documents.step TO plenum_app;

-- Signatures are only added.
CREATE TABLE documents.signature (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    document_id uuid NOT NULL,
    version_id uuid NOT NULL,
    step_id uuid NOT NULL,
    -- 1, 2, 3 … within the document.
    ordinal integer NOT NULL CHECK (ordinal > 0),
    signer_id uuid NOT NULL,
    signer_name text NOT NULL,
    -- For whom a substitute signed.
    on_behalf_of uuid,
    on_behalf_name text,
    signed_at timestamptz NOT NULL,
    intent text NOT NULL,
    -- Of the bytes that were signed.
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    -- HMAC-SHA256 over all of the above and the seal of the signature before it.
    seal bytea NOT NULL CHECK (length(seal) = 32),
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT signature_step UNIQUE (tenant_id, step_id),
    CONSTRAINT signature_ordinal UNIQUE (tenant_id, document_id, ordinal),
    FOREIGN KEY (tenant_id, document_id) REFERENCES documents.document (tenant_id, id),
    FOREIGN KEY (tenant_id, version_id) REFERENCES documents.version (tenant_id, id),
    FOREIGN KEY (tenant_id, step_id) REFERENCES documents.step (tenant_id, id)
);
ALTER TABLE documents.signature ENABLE ROW LEVEL SECURITY;
ALTER TABLE documents.signature FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON documents.signature
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON documents.signature TO plenum_app;

-- Who acts for whom, and when.
CREATE TABLE documents.substitute (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    substitute_id uuid NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    -- The same as moments: the beginning of the first day and the end of the last, where the organization is.
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    CHECK (ends_on >= starts_on),
    CHECK (ends_at > starts_at),
    CHECK (account_id <> substitute_id)
);
CREATE INDEX substitute_of ON documents.substitute (tenant_id, account_id) WHERE ended_at IS NULL;
CREATE INDEX substitute_is ON documents.substitute (tenant_id, substitute_id) WHERE ended_at IS NULL;
ALTER TABLE documents.substitute ENABLE ROW LEVEL SECURITY;
ALTER TABLE documents.substitute FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON documents.substitute
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON documents.substitute TO plenum_app;
GRANT UPDATE (ended_at) ON documents.substitute TO plenum_app;

-- A manager's instruction on a document.
CREATE TABLE documents.resolution (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    document_id uuid NOT NULL,
    author_id uuid NOT NULL,
    text text NOT NULL CHECK (text <> ''),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, document_id) REFERENCES documents.document (tenant_id, id)
);
CREATE INDEX resolution_document ON documents.resolution (tenant_id, document_id, id);
ALTER TABLE documents.resolution ENABLE ROW LEVEL SECURITY;
ALTER TABLE documents.resolution FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON documents.resolution
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON documents.resolution TO plenum_app;

CREATE TABLE documents.task (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    id uuid NOT NULL,
    -- Null while the minutes that it comes from are not made.
    document_id uuid,
    resolution_id uuid,
    -- bodies.session and bodies.measure, when a body adopted it: a measure becomes one task.
    session_id uuid,
    measure_id uuid,
    source text NOT NULL,
    text text NOT NULL CHECK (text <> ''),
    assignee_id uuid NOT NULL,
    controller_id uuid,
    due_on date,
    state text NOT NULL CHECK (state IN ('given', 'in_work', 'reported', 'accepted', 'returned')),
    report text NOT NULL DEFAULT '',
    remark text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    closed_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, document_id) REFERENCES documents.document (tenant_id, id),
    FOREIGN KEY (tenant_id, resolution_id) REFERENCES documents.resolution (tenant_id, id),
    CHECK ((session_id IS NULL) = (measure_id IS NULL)),
    CHECK ((state = 'accepted') = (closed_at IS NOT NULL))
);
CREATE UNIQUE INDEX task_measure ON documents.task (tenant_id, measure_id) WHERE measure_id IS NOT NULL;
CREATE INDEX task_assignee ON documents.task (tenant_id, assignee_id, id);
CREATE INDEX task_document ON documents.task (tenant_id, document_id, id);
CREATE INDEX task_session ON documents.task (tenant_id, session_id) WHERE session_id IS NOT NULL;
ALTER TABLE documents.task ENABLE ROW LEVEL SECURITY;
ALTER TABLE documents.task FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON documents.task
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON documents.task TO plenum_app;
GRANT UPDATE (document_id, state, report, remark, closed_at) ON documents.task TO plenum_app;

-- A document's way to another organization.
CREATE TABLE documents.dispatch (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    document_id uuid NOT NULL,
    version_id uuid NOT NULL,
    recipient_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    state text NOT NULL CHECK (state IN ('sending', 'received')),
    sent_by uuid,
    created_at timestamptz NOT NULL,
    -- The receipt: when it arrived there, and its number and date in their journal.
    received_at timestamptz,
    their_number text,
    their_date date,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT dispatch_once UNIQUE (tenant_id, version_id, recipient_id),
    FOREIGN KEY (tenant_id, document_id) REFERENCES documents.document (tenant_id, id),
    FOREIGN KEY (tenant_id, version_id) REFERENCES documents.version (tenant_id, id),
    CHECK ((state = 'received') = (received_at IS NOT NULL)),
    CHECK ((state = 'received') = (their_number IS NOT NULL)),
    CHECK ((state = 'received') = (their_date IS NOT NULL))
);
CREATE INDEX dispatch_document ON documents.dispatch (tenant_id, document_id, id);
ALTER TABLE documents.dispatch ENABLE ROW LEVEL SECURITY;
ALTER TABLE documents.dispatch FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON documents.dispatch
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON documents.dispatch TO plenum_app;
GRANT UPDATE (state, received_at, their_number, their_date) ON documents.dispatch TO plenum_app;

-- What happened to a document, for its readers.
CREATE TABLE documents.history (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    document_id uuid NOT NULL,
    at timestamptz NOT NULL,
    -- Null when the platform acted.
    account_id uuid,
    what text NOT NULL,
    detail text NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, document_id) REFERENCES documents.document (tenant_id, id)
);
CREATE INDEX history_document ON documents.history (tenant_id, document_id, id);
ALTER TABLE documents.history ENABLE ROW LEVEL SECURITY;
ALTER TABLE documents.history FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON documents.history
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON documents.history TO plenum_app;
