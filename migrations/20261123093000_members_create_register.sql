-- The register: people, and the imports by which most of them come.
CREATE SCHEMA members;
GRANT USAGE ON SCHEMA members TO plenum_app;

-- One import of a file: uploaded, checked, perhaps committed.
CREATE TABLE members.import (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    id uuid NOT NULL,
    -- files.file, across modules without a foreign key.
    file_id uuid NOT NULL,
    file_name text NOT NULL CHECK (file_name <> ''),
    -- The units, all below included, for which whoever imports keeps the register; the first one governs the import.
    scope_units uuid[] NOT NULL CHECK (cardinality(scope_units) > 0),
    state text NOT NULL CHECK (state IN ('unreadable', 'checked', 'committing', 'done', 'failed', 'discarded')),
    -- Why the file could not be read.
    unreadable text,
    -- Sheet, header, columns with samples and meanings.
    layout json,
    -- The counts: of the trial run, and of the real one when it is done.
    report json,
    -- Rows looked at, of all.
    done integer NOT NULL DEFAULT 0 CHECK (done >= 0),
    total integer NOT NULL DEFAULT 0 CHECK (total >= 0),
    -- Why the commit failed for good.
    error text,
    -- Null when the platform itself imported, for a command.
    created_by uuid,
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    CHECK (unreadable IS NULL OR state IN ('unreadable', 'discarded')),
    CHECK (state <> 'unreadable' OR unreadable IS NOT NULL),
    CHECK ((state = 'done') = (finished_at IS NOT NULL)),
    CHECK (state NOT IN ('committing', 'done') OR report IS NOT NULL)
);
ALTER TABLE members.import ENABLE ROW LEVEL SECURITY;
ALTER TABLE members.import FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON members.import
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON members.import TO plenum_app;
GRANT UPDATE (scope_units, state, layout, report, done, total, error, finished_at) ON members.import TO plenum_app;

-- What became of the rows of an import, for the preview: a few hundred rows to a page. One record per row would make a
-- large import half as fast again; reading the file anew would tell another story once its people are on record.
CREATE TABLE members.import_page (
    tenant_id uuid NOT NULL,
    import_id uuid NOT NULL,
    -- 0, 1, 2 …
    number integer NOT NULL CHECK (number >= 0),
    -- The last row's number in the file.
    last_row integer NOT NULL,
    -- How many rows of each outcome, and how many with problems: pages without a sought one are not read.
    accepted integer NOT NULL,
    duplicates integer NOT NULL,
    rejected integer NOT NULL,
    with_problems integer NOT NULL,
    -- JSON, kept as text: the database never looks inside.
    rows text NOT NULL,
    -- SHA-256 of rows: a commit that comes to the same leaves the page alone.
    digest bytea NOT NULL CHECK (length(digest) = 32),
    PRIMARY KEY (tenant_id, import_id, number),
    FOREIGN KEY (tenant_id, import_id) REFERENCES members.import (tenant_id, id)
);
ALTER TABLE members.import_page ENABLE ROW LEVEL SECURITY;
ALTER TABLE members.import_page FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON members.import_page
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON members.import_page TO plenum_app;

CREATE TABLE members.person (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    -- tenancy.unit, across modules without a foreign key.
    unit_id uuid NOT NULL,
    surname text NOT NULL CHECK (surname <> ''),
    given_name text NOT NULL CHECK (given_name <> ''),
    patronymic text,
    -- The full name as it is compared: lower case, ё = е, single spaces. In that form the order of code points is the
    -- alphabet's, so that one index under "C" finds duplicates, sorts the list and is searched.
    name_key text COLLATE "C" NOT NULL CHECK (name_key <> ''),
    birth_date date NOT NULL,
    sex text CHECK (sex IN ('female', 'male')),
    phone text,
    email text,
    workplace text,
    position text,
    joined_on date,
    card_number text,
    -- The card's number as it is compared.
    card_key text COLLATE "C",
    consent text NOT NULL CHECK (consent IN ('given', 'refused', 'missing')),
    elected_office text,
    -- members.import, without a foreign key: looking the import up for each row would make an import take half as long
    -- again, and imports are never removed. For tenant_id the policy below vouches.
    import_id uuid,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CHECK ((card_number IS NULL) = (card_key IS NULL))
);
CREATE UNIQUE INDEX person_name ON members.person (tenant_id, name_key, birth_date) INCLUDE (id, unit_id);
CREATE UNIQUE INDEX person_card ON members.person (tenant_id, card_key) WHERE card_key IS NOT NULL;
CREATE INDEX person_unit ON members.person (tenant_id, unit_id);
ALTER TABLE members.person ENABLE ROW LEVEL SECURITY;
ALTER TABLE members.person FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON members.person
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON members.person TO plenum_app;
