-- Entries of a tenant become a chain: numbered without gaps, each with a hash over itself and the hash before it.
-- Older entries stay outside of it.
ALTER TABLE audit.entry
    ADD COLUMN request_id uuid,
    ADD COLUMN number bigint CHECK (number > 0),
    ADD COLUMN hash bytea CHECK (octet_length(hash) = 32),
    ADD CONSTRAINT entry_chained CHECK ((number IS NULL) = (hash IS NULL));
CREATE UNIQUE INDEX entry_number ON audit.entry (tenant_id, number);
CREATE INDEX entry_actor ON audit.entry (tenant_id, actor_id, id);
-- New entries are all part of the chain.
ALTER TABLE audit.entry ADD CONSTRAINT entry_numbered CHECK (number IS NOT NULL) NOT VALID;
