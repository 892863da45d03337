-- Recordings of sessions. What was recorded lies in the object store: in pieces until the film is made of them.
CREATE TABLE meetings.recording (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    id uuid NOT NULL,
    -- bodies.session, across modules without a foreign key.
    session_id uuid NOT NULL,
    -- identity.account, likewise.
    started_by uuid NOT NULL,
    started_at timestamptz NOT NULL,
    -- Null while it is made, and when it ended with its session.
    stopped_by uuid,
    -- Null while it is made.
    stopped_at timestamptz CHECK (stopped_at >= started_at),
    -- Of the film, in percent.
    progress smallint NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
    -- What became of it; null until that is known.
    outcome text CHECK (outcome IN ('ready', 'empty', 'failed')),
    -- files.file: the film.
    film_id uuid,
    film_seconds integer CHECK (film_seconds >= 0),
    film_bytes bigint CHECK (film_bytes >= 0),
    -- The last day on which it is kept.
    kept_until date NOT NULL,
    removed_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    CHECK ((outcome IS NOT DISTINCT FROM 'ready') = (film_id IS NOT NULL)),
    CHECK ((film_id IS NULL) = (film_seconds IS NULL) AND (film_id IS NULL) = (film_bytes IS NULL))
);
CREATE INDEX recording_of_session ON meetings.recording (tenant_id, session_id, started_at);
CREATE UNIQUE INDEX recording_now ON meetings.recording (tenant_id, session_id) WHERE stopped_at IS NULL;
ALTER TABLE meetings.recording ENABLE ROW LEVEL SECURITY;
ALTER TABLE meetings.recording FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON meetings.recording
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON meetings.recording TO plenum_app;
GRANT UPDATE (stopped_by, stopped_at, progress, outcome, film_id, film_seconds, film_bytes, kept_until, removed_at)
    ON meetings.recording TO plenum_app;
GRANT SELECT (tenant_id), DELETE ON meetings.recording TO plenum_operator;

-- Which item of the agenda begins where in a film.
CREATE TABLE meetings.recording_chapter (
    tenant_id uuid NOT NULL,
    recording_id uuid NOT NULL,
    position integer NOT NULL CHECK (position > 0),
    title text NOT NULL CHECK (title <> ''),
    at_seconds integer NOT NULL CHECK (at_seconds >= 0),
    PRIMARY KEY (tenant_id, recording_id, position),
    FOREIGN KEY (tenant_id, recording_id) REFERENCES meetings.recording (tenant_id, id)
);
ALTER TABLE meetings.recording_chapter ENABLE ROW LEVEL SECURITY;
ALTER TABLE meetings.recording_chapter FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON meetings.recording_chapter
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON meetings.recording_chapter TO plenum_app;
GRANT SELECT (tenant_id), DELETE ON meetings.recording_chapter TO plenum_operator;
