-- A role is given for a term, by somebody, for a reason; one that comes from elsewhere (a seat in a body, the register)
-- says so, and is taken there.
ALTER TABLE tenancy.role_grant
    ADD COLUMN source text NOT NULL DEFAULT 'hand' CHECK (source IN ('hand', 'office', 'membership')),
    ADD COLUMN valid_from timestamptz,
    ADD COLUMN valid_until timestamptz,
    ADD COLUMN given_by uuid,
    ADD COLUMN reason text CHECK (reason <> '' AND length(reason) <= 500),
    ADD CONSTRAINT role_grant_term CHECK (valid_from < valid_until);
-- Row security is forced on the owner too, so rows of before are told apart by a rule of the store, not here: a grant
-- on one resource comes from its office, a member's role from the register.
GRANT UPDATE (source, valid_from, valid_until, given_by, reason, created_at) ON tenancy.role_grant TO plenum_app;
CREATE INDEX role_grant_unit ON tenancy.role_grant (tenant_id, unit_id);
