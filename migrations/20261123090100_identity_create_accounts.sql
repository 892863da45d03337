-- Accounts and their sign-ins. Global: one person signs in once and may act in several tenants, so there is no
-- tenant_id here, and nothing here tells which tenants an account belongs to.
CREATE SCHEMA identity;
GRANT USAGE ON SCHEMA identity TO plenum_app;

CREATE TABLE identity.account (
    id uuid PRIMARY KEY,
    -- As the person writes it.
    email text NOT NULL,
    -- Lower case, the key of sign-in.
    email_key text NOT NULL UNIQUE CHECK (email_key = lower(email_key)),
    display_name text NOT NULL CHECK (display_name <> ''),
    language text NOT NULL CHECK (language IN ('ru', 'en')),
    -- PHC string, argon2id. Null until the person has set a password.
    password_hash text,
    created_at timestamptz NOT NULL
);
GRANT SELECT, INSERT ON identity.account TO plenum_app;
GRANT UPDATE (display_name, language, password_hash) ON identity.account TO plenum_app;

-- "web_session", for "session" is a meeting of a body here. The cookie holds a random token, the table its SHA-256.
CREATE TABLE identity.web_session (
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    account_id uuid NOT NULL REFERENCES identity.account (id),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX web_session_account ON identity.web_session (account_id);
GRANT SELECT, INSERT, DELETE ON identity.web_session TO plenum_app;

CREATE TABLE identity.password_reset (
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    account_id uuid NOT NULL REFERENCES identity.account (id),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX password_reset_account ON identity.password_reset (account_id);
GRANT SELECT, INSERT, DELETE ON identity.password_reset TO plenum_app;
GRANT UPDATE (used_at) ON identity.password_reset TO plenum_app;

-- Failed sign-ins, for the delay that grows with them: by account and by address, so that a stranger cannot lock
-- anybody out from another address.
CREATE TABLE identity.failed_sign_in (
    email_key text NOT NULL,
    address text NOT NULL,
    failures integer NOT NULL CHECK (failures > 0),
    last_at timestamptz NOT NULL,
    PRIMARY KEY (email_key, address)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON identity.failed_sign_in TO plenum_app;
