-- Trainings that were resolved before their course was published: they wait for it.
CREATE TABLE learning.waiting_training (
    tenant_id uuid NOT NULL,
    -- bodies.measure and its bodies.agenda_item, across modules without foreign keys.
    measure_id uuid NOT NULL,
    item_id uuid NOT NULL,
    course_id uuid NOT NULL,
    since timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, measure_id),
    FOREIGN KEY (tenant_id, course_id) REFERENCES learning.course (tenant_id, id)
);
CREATE INDEX waiting_training_course ON learning.waiting_training (tenant_id, course_id, measure_id);
ALTER TABLE learning.waiting_training ENABLE ROW LEVEL SECURITY;
ALTER TABLE learning.waiting_training FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON learning.waiting_training
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT, DELETE ON learning.waiting_training TO plenum_app;
