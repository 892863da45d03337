-- Who signs in by the provider of one organization is vouched for by that organization only: the sign-in enters it, and no
-- other that the account may enter.
ALTER TABLE identity.web_session
    ADD COLUMN only_tenant_id uuid REFERENCES tenancy.tenant (id) ON DELETE CASCADE;
ALTER TABLE identity.pending_sign_in
    ADD COLUMN only_tenant_id uuid REFERENCES tenancy.tenant (id) ON DELETE CASCADE;
CREATE INDEX web_session_only_tenant ON identity.web_session (only_tenant_id) WHERE only_tenant_id IS NOT NULL;
GRANT UPDATE (only_tenant_id) ON identity.web_session TO plenum_app;
GRANT UPDATE (only_tenant_id) ON identity.pending_sign_in TO plenum_app;
