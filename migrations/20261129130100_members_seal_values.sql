-- What members ask to change of their own data, and values before and after in their history, are kept sealed. Until a
-- job has sealed the rows that exist, what they hold stands beside; the release before this one writes it still.
ALTER TABLE members.correction
    -- What is asked for and the note, sealed together.
    ADD COLUMN request_sealed bytea,
    ALTER COLUMN changes DROP NOT NULL,
    ADD CONSTRAINT correction_asks CHECK ((changes IS NULL) <> (request_sealed IS NULL)) NOT VALID;
GRANT UPDATE (changes, note, request_sealed) ON members.correction TO plenum_app;

-- A sealed line keeps its empty detail for readers of the release before.
ALTER TABLE members.history
    ADD COLUMN detail_sealed bytea,
    ADD CONSTRAINT history_detail CHECK (detail_sealed IS NULL OR detail = '{}') NOT VALID;
GRANT UPDATE (detail, detail_sealed) ON members.history TO plenum_app;
