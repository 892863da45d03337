-- Courses, enrolments, quizzes, certificates.
CREATE SCHEMA learning;
GRANT USAGE ON SCHEMA learning TO plenum_app;

CREATE TABLE learning.course (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    title text NOT NULL CHECK (title <> ''),
    summary text NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'published', 'archived')),
    -- Lessons open one after another.
    sequential boolean NOT NULL,
    certificate boolean NOT NULL,
    self_enrol boolean NOT NULL,
    default_days integer CHECK (default_days BETWEEN 1 AND 3650),
    created_by uuid,
    created_at timestamptz NOT NULL,
    published_at timestamptz,
    PRIMARY KEY (tenant_id, id)
);
ALTER TABLE learning.course ENABLE ROW LEVEL SECURITY;
ALTER TABLE learning.course FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON learning.course
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON learning.course TO plenum_app;
GRANT UPDATE (title, summary, state, sequential, certificate, self_enrol, default_days, published_at) ON learning.course TO plenum_app;

CREATE TABLE learning.section (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    course_id uuid NOT NULL,
    position integer NOT NULL,
    title text NOT NULL CHECK (title <> ''),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, course_id) REFERENCES learning.course (tenant_id, id)
);
CREATE INDEX section_course ON learning.section (tenant_id, course_id, position);
ALTER TABLE learning.section ENABLE ROW LEVEL SECURITY;
ALTER TABLE learning.section FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON learning.section
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT, DELETE ON learning.section TO plenum_app;
GRANT UPDATE (position, title) ON learning.section TO plenum_app;

CREATE TABLE learning.lesson (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    course_id uuid NOT NULL,
    section_id uuid NOT NULL,
    position integer NOT NULL,
    title text NOT NULL CHECK (title <> ''),
    required boolean NOT NULL,
    -- Text, video, file, rules of the quiz or time of the webinar, by its `kind`. Files are files.file, across
    -- modules without a foreign key.
    content jsonb NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, course_id) REFERENCES learning.course (tenant_id, id),
    FOREIGN KEY (tenant_id, section_id) REFERENCES learning.section (tenant_id, id)
);
CREATE INDEX lesson_course ON learning.lesson (tenant_id, course_id, position);
CREATE INDEX lesson_section ON learning.lesson (tenant_id, section_id);
ALTER TABLE learning.lesson ENABLE ROW LEVEL SECURITY;
ALTER TABLE learning.lesson FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON learning.lesson
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT, DELETE ON learning.lesson TO plenum_app;
GRANT UPDATE (position, title, required, content) ON learning.lesson TO plenum_app;

CREATE TABLE learning.question (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    lesson_id uuid NOT NULL,
    position integer NOT NULL,
    content jsonb NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, lesson_id) REFERENCES learning.lesson (tenant_id, id)
);
CREATE INDEX question_lesson ON learning.question (tenant_id, lesson_id, position);
ALTER TABLE learning.question ENABLE ROW LEVEL SECURITY;
ALTER TABLE learning.question FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON learning.question
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT, DELETE ON learning.question TO plenum_app;
GRANT UPDATE (position, content) ON learning.question TO plenum_app;

CREATE TABLE learning.enrolment (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    course_id uuid NOT NULL,
    -- members.member, across modules without a foreign key.
    member_id uuid NOT NULL,
    -- The learner's name when enrolled: the gradebook is sorted and searched by it.
    full_name text NOT NULL,
    state text NOT NULL CHECK (state IN ('enrolled', 'in_progress', 'completed', 'withdrawn')),
    due_at timestamptz,
    enrolled_at timestamptz NOT NULL,
    last_seen_at timestamptz,
    completed_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, course_id) REFERENCES learning.course (tenant_id, id),
    CHECK (state <> 'completed' OR completed_at IS NOT NULL)
);
CREATE UNIQUE INDEX enrolment_once ON learning.enrolment (tenant_id, course_id, member_id);
CREATE INDEX enrolment_member ON learning.enrolment (tenant_id, member_id);
CREATE INDEX enrolment_name ON learning.enrolment (tenant_id, course_id, full_name, id);
ALTER TABLE learning.enrolment ENABLE ROW LEVEL SECURITY;
ALTER TABLE learning.enrolment FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON learning.enrolment
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON learning.enrolment TO plenum_app;
GRANT UPDATE (full_name, state, due_at, enrolled_at, last_seen_at, completed_at) ON learning.enrolment TO plenum_app;

CREATE TABLE learning.progress (
    tenant_id uuid NOT NULL,
    enrolment_id uuid NOT NULL,
    lesson_id uuid NOT NULL,
    -- Where the video goes on, and how many seconds of it were played.
    position_s integer NOT NULL DEFAULT 0 CHECK (position_s >= 0),
    watched_s integer NOT NULL DEFAULT 0 CHECK (watched_s >= 0),
    -- Attempts at the quiz beyond its limit.
    extra_attempts integer NOT NULL DEFAULT 0,
    seen_at timestamptz NOT NULL,
    done_at timestamptz,
    PRIMARY KEY (tenant_id, enrolment_id, lesson_id),
    FOREIGN KEY (tenant_id, enrolment_id) REFERENCES learning.enrolment (tenant_id, id),
    FOREIGN KEY (tenant_id, lesson_id) REFERENCES learning.lesson (tenant_id, id)
);
ALTER TABLE learning.progress ENABLE ROW LEVEL SECURITY;
ALTER TABLE learning.progress FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON learning.progress
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON learning.progress TO plenum_app;
GRANT UPDATE (position_s, watched_s, extra_attempts, seen_at, done_at) ON learning.progress TO plenum_app;

CREATE TABLE learning.attempt (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    enrolment_id uuid NOT NULL,
    lesson_id uuid NOT NULL,
    number integer NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'submitted', 'expired')),
    started_at timestamptz NOT NULL,
    -- The end of the time limit; answers after it are refused.
    expires_at timestamptz,
    submitted_at timestamptz,
    -- The questions as they were at the start, in the order shown, with the rules that hold for this attempt.
    paper jsonb NOT NULL,
    answers jsonb NOT NULL,
    -- Hundredths of a point.
    earned integer,
    percent integer,
    passed boolean,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, enrolment_id) REFERENCES learning.enrolment (tenant_id, id),
    FOREIGN KEY (tenant_id, lesson_id) REFERENCES learning.lesson (tenant_id, id),
    CHECK ((state = 'open') = (percent IS NULL))
);
CREATE UNIQUE INDEX attempt_number ON learning.attempt (tenant_id, enrolment_id, lesson_id, number);
CREATE UNIQUE INDEX attempt_open ON learning.attempt (tenant_id, enrolment_id, lesson_id) WHERE state = 'open';
CREATE INDEX attempt_lesson ON learning.attempt (tenant_id, lesson_id);
ALTER TABLE learning.attempt ENABLE ROW LEVEL SECURITY;
ALTER TABLE learning.attempt FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON learning.attempt
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON learning.attempt TO plenum_app;
GRANT UPDATE (state, submitted_at, answers, earned, percent, passed) ON learning.attempt TO plenum_app;

CREATE TABLE learning.invitation (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    course_id uuid NOT NULL,
    -- Opens nothing but an enrolment of a member who is signed in; authors see it again, so it is kept as it is.
    token text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    closed_at timestamptz,
    uses integer NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, course_id) REFERENCES learning.course (tenant_id, id)
);
CREATE UNIQUE INDEX invitation_token ON learning.invitation (tenant_id, token);
CREATE INDEX invitation_course ON learning.invitation (tenant_id, course_id);
ALTER TABLE learning.invitation ENABLE ROW LEVEL SECURITY;
ALTER TABLE learning.invitation FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON learning.invitation
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON learning.invitation TO plenum_app;
GRANT UPDATE (closed_at, uses) ON learning.invitation TO plenum_app;

CREATE TABLE learning.certificate_counter (
    tenant_id uuid NOT NULL,
    year integer NOT NULL,
    last integer NOT NULL,
    PRIMARY KEY (tenant_id, year)
);
ALTER TABLE learning.certificate_counter ENABLE ROW LEVEL SECURITY;
ALTER TABLE learning.certificate_counter FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON learning.certificate_counter
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON learning.certificate_counter TO plenum_app;
GRANT UPDATE (last) ON learning.certificate_counter TO plenum_app;

CREATE TABLE learning.certificate (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    enrolment_id uuid NOT NULL,
    year integer NOT NULL,
    number integer NOT NULL,
    issued_on date NOT NULL,
    -- As they were when it was issued: a certificate does not change.
    holder text NOT NULL,
    course_title text NOT NULL,
    -- Printed in the QR code.
    token text NOT NULL,
    -- files.file, across modules without a foreign key; none until it is printed.
    file_id uuid,
    revoked_at timestamptz,
    revoke_reason text,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, enrolment_id) REFERENCES learning.enrolment (tenant_id, id),
    CHECK ((revoked_at IS NULL) = (revoke_reason IS NULL))
);
CREATE UNIQUE INDEX certificate_number ON learning.certificate (tenant_id, year, number);
CREATE UNIQUE INDEX certificate_token ON learning.certificate (tenant_id, token);
CREATE UNIQUE INDEX certificate_enrolment ON learning.certificate (tenant_id, enrolment_id);
ALTER TABLE learning.certificate ENABLE ROW LEVEL SECURITY;
ALTER TABLE learning.certificate FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON learning.certificate
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON learning.certificate TO plenum_app;
GRANT UPDATE (file_id, revoked_at, revoke_reason) ON learning.certificate TO plenum_app;

CREATE TABLE learning.reminder (
    tenant_id uuid NOT NULL,
    enrolment_id uuid NOT NULL,
    due_at timestamptz NOT NULL,
    kind text NOT NULL CHECK (kind IN ('soon', 'today')),
    sent_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, enrolment_id, due_at, kind),
    FOREIGN KEY (tenant_id, enrolment_id) REFERENCES learning.enrolment (tenant_id, id)
);
ALTER TABLE learning.reminder ENABLE ROW LEVEL SECURITY;
ALTER TABLE learning.reminder FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON learning.reminder
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON learning.reminder TO plenum_app;
