-- Access to a tenant can be suspended: the person and their roles stay, and nothing is allowed until it is resumed.
ALTER TABLE tenancy.account_access
    ADD COLUMN suspended_at timestamptz,
    ADD COLUMN suspended_by uuid,
    ADD COLUMN suspended_reason text CHECK (suspended_reason <> '' AND length(suspended_reason) <= 500),
    ADD CONSTRAINT account_access_suspended
        CHECK (suspended_at IS NOT NULL OR (suspended_by IS NULL AND suspended_reason IS NULL));
GRANT UPDATE (suspended_at, suspended_by, suspended_reason) ON tenancy.account_access TO plenum_app;
