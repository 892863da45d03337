-- A password alone is guessed, read over a shoulder or given away by its owner: a code of an authenticator (RFC 6238)
-- beside it, and recovery codes for the day when the phone is lost.
CREATE TABLE identity.totp (
    account_id uuid PRIMARY KEY REFERENCES identity.account (id),
    -- Encrypted: unlike a hash, the secret itself makes valid codes.
    sealed_secret bytea NOT NULL,
    created_at timestamptz NOT NULL,
    -- Null until the first code proved that the authenticator has the secret; until then nobody is asked for one.
    proven_at timestamptz,
    -- The time step of the last code that was taken: none is taken twice (RFC 6238 §5.2).
    last_step bigint
);
GRANT SELECT, INSERT, DELETE ON identity.totp TO plenum_app;
GRANT UPDATE (proven_at, last_step) ON identity.totp TO plenum_app;

CREATE TABLE identity.recovery_code (
    account_id uuid NOT NULL REFERENCES identity.account (id),
    code_hash bytea NOT NULL CHECK (length(code_hash) = 32),
    created_at timestamptz NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (account_id, code_hash)
);
GRANT SELECT, INSERT, DELETE ON identity.recovery_code TO plenum_app;
GRANT UPDATE (used_at) ON identity.recovery_code TO plenum_app;

-- The password was right, the second factor is awaited.
CREATE TABLE identity.pending_sign_in (
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    account_id uuid NOT NULL REFERENCES identity.account (id),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX pending_sign_in_account ON identity.pending_sign_in (account_id);
GRANT SELECT, INSERT, DELETE ON identity.pending_sign_in TO plenum_app;
