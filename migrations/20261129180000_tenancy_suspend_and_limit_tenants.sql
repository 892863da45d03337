-- An organization can be suspended as a whole (everything is kept, nobody enters), and what it uses can be limited.
ALTER TABLE tenancy.tenant
    ADD COLUMN suspended_at timestamptz,
    ADD COLUMN suspended_reason text CHECK (suspended_reason <> '' AND length(suspended_reason) <= 500),
    -- Null is no limit.
    ADD COLUMN storage_limit_bytes bigint CHECK (storage_limit_bytes >= 0),
    ADD COLUMN letters_limit_daily bigint CHECK (letters_limit_daily >= 0),
    ADD COLUMN participants_limit bigint CHECK (participants_limit >= 0),
    ADD CONSTRAINT tenant_suspended CHECK (suspended_at IS NOT NULL OR suspended_reason IS NULL);
GRANT UPDATE (suspended_at, suspended_reason, storage_limit_bytes, letters_limit_daily, participants_limit)
    ON tenancy.tenant TO plenum_operator;
