-- An act across organizations names who did it and to what, when a person did.
ALTER TABLE audit.operator_entry
    ADD COLUMN actor_id uuid,
    ADD COLUMN subject text CHECK (subject <> ''),
    ADD COLUMN detail jsonb;
