-- An organization lets its people sign in by its own provider of identities (OpenID Connect).
CREATE SCHEMA oidc;
GRANT USAGE ON SCHEMA oidc TO plenum_app;

CREATE TABLE oidc.provider (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    -- What stands on the button.
    label text NOT NULL CHECK (label <> '' AND length(label) <= 60),
    issuer text NOT NULL CHECK (length(issuer) BETWEEN 8 AND 300),
    client_id text NOT NULL CHECK (client_id <> '' AND length(client_id) <= 300),
    -- Sealed by the vault; none for a client that the provider knows as public.
    sealed_secret bytea,
    -- The claim that holds the mail address.
    address_claim text NOT NULL CHECK (address_claim <> '' AND length(address_claim) <= 60),
    -- Whether whom the organization does not know yet is let in with a new account.
    makes_accounts boolean NOT NULL,
    -- Domains of mail addresses that are taken; all when empty.
    mail_domains text[] NOT NULL CHECK (cardinality(mail_domains) <= 20),
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id),
    CHECK (NOT makes_accounts OR cardinality(mail_domains) > 0)
);
ALTER TABLE oidc.provider ENABLE ROW LEVEL SECURITY;
ALTER TABLE oidc.provider FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON oidc.provider
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON oidc.provider TO plenum_app;

-- Which account a person at the provider is. The subject is the one thing that a provider promises never to give to
-- somebody else (OpenID Connect Core 1.0 §5.7); an address is not.
CREATE TABLE oidc.link (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    account_id uuid NOT NULL,
    issuer text NOT NULL,
    subject text NOT NULL CHECK (subject <> '' AND length(subject) <= 255),
    created_at timestamptz NOT NULL,
    last_used_at timestamptz,
    PRIMARY KEY (tenant_id, account_id)
);
CREATE UNIQUE INDEX link_subject ON oidc.link (tenant_id, issuer, subject);
ALTER TABLE oidc.link ENABLE ROW LEVEL SECURITY;
ALTER TABLE oidc.link FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON oidc.link
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT, DELETE ON oidc.link TO plenum_app;
GRANT UPDATE (last_used_at) ON oidc.link TO plenum_app;

-- Sign-ins that came back from the provider: none comes back twice.
CREATE TABLE oidc.used_attempt (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    state_hash bytea NOT NULL CHECK (length(state_hash) = 32),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, state_hash)
);
ALTER TABLE oidc.used_attempt ENABLE ROW LEVEL SECURITY;
ALTER TABLE oidc.used_attempt FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON oidc.used_attempt
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT, DELETE ON oidc.used_attempt TO plenum_app;
