-- Declared salaries, and what is noted of exemptions, are kept sealed. Until a job has sealed the rows that exist, what
-- they hold stands beside; the release before this one writes it still, and refuses to read a salary that it cannot.
ALTER TABLE dues.salary
    ADD COLUMN kopecks_sealed bytea,
    ALTER COLUMN kopecks DROP NOT NULL,
    ADD CONSTRAINT salary_declared CHECK ((kopecks IS NULL) <> (kopecks_sealed IS NULL)) NOT VALID;
GRANT UPDATE (kopecks, kopecks_sealed) ON dues.salary TO plenum_app;

ALTER TABLE dues.exemption
    ADD COLUMN note_sealed bytea,
    ADD CONSTRAINT exemption_note CHECK (note IS NULL OR note_sealed IS NULL) NOT VALID;
GRANT UPDATE (note, note_sealed) ON dues.exemption TO plenum_app;
