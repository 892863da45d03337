-- What a resolution obliges to: tasks with a due date, and training of those who hold an office. And which record of
-- the register a seat was given to.
ALTER TABLE bodies.seat ADD COLUMN member_id uuid;

CREATE TABLE bodies.measure (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    item_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('task', 'training')),
    text text NOT NULL CHECK (text <> ''),
    due_on date,
    -- A task's: an account of the tenant.
    assignee_id uuid,
    -- A training's: learning's course, and who is trained.
    course_id uuid,
    offices text[],
    of_primaries boolean,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, item_id) REFERENCES bodies.agenda_item (tenant_id, id),
    CHECK ((kind = 'task') = (assignee_id IS NOT NULL)),
    CHECK ((kind = 'training') = (course_id IS NOT NULL)),
    CHECK ((kind = 'training') = (offices IS NOT NULL)),
    CHECK ((kind = 'training') = (of_primaries IS NOT NULL))
);
CREATE INDEX measure_item ON bodies.measure (tenant_id, item_id, id);
ALTER TABLE bodies.measure ENABLE ROW LEVEL SECURITY;
ALTER TABLE bodies.measure FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON bodies.measure
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT, DELETE ON bodies.measure TO plenum_app;
