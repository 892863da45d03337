-- A password is typed into a page that only looks like ours; a passkey (W3C Web Authentication) answers to our address
-- alone, and stands for password and second factor at once.
CREATE TABLE identity.passkey (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES identity.account (id),
    -- What the authenticator finds its key by; at most 1023 bytes (Web Authentication, level 3, §4).
    credential_id bytea NOT NULL UNIQUE CHECK (octet_length(credential_id) BETWEEN 1 AND 1023),
    -- The public key, the counter and what the authenticator said of itself. Nothing here is a secret.
    credential jsonb NOT NULL,
    name text NOT NULL CHECK (name <> '' AND length(name) <= 100),
    created_at timestamptz NOT NULL,
    last_used_at timestamptz
);
CREATE INDEX passkey_account ON identity.passkey (account_id);
GRANT SELECT, INSERT, DELETE ON identity.passkey TO plenum_app;
GRANT UPDATE (credential, name, last_used_at) ON identity.passkey TO plenum_app;

-- The server's half of a ceremony that a browser has under way. A row is taken out by the first answer, whatever that
-- answer is, so that none is taken twice.
CREATE TABLE identity.passkey_ceremony (
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    purpose text NOT NULL CHECK (purpose IN ('register', 'sign_in', 'prove')),
    -- Null for a sign-in: who it is, the answer tells.
    account_id uuid REFERENCES identity.account (id),
    state jsonb NOT NULL,
    expires_at timestamptz NOT NULL,
    CHECK ((account_id IS NULL) = (purpose = 'sign_in'))
);
CREATE INDEX passkey_ceremony_account ON identity.passkey_ceremony (account_id);
CREATE INDEX passkey_ceremony_expires ON identity.passkey_ceremony (expires_at);
GRANT SELECT, INSERT, DELETE ON identity.passkey_ceremony TO plenum_app;
-- Nothing is changed; those that are over are locked before they are removed, which asks for this right.
GRANT UPDATE (expires_at) ON identity.passkey_ceremony TO plenum_app;
