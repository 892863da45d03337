-- The federation's other sites let people sign in by their accounts here (OpenID Connect, as a provider).
CREATE SCHEMA issuer;
GRANT USAGE ON SCHEMA issuer TO plenum_app, plenum_operator;

-- Sites that may ask; an operator registers them.
CREATE TABLE issuer.client (
    id text PRIMARY KEY CHECK (id <> '' AND length(id) <= 100),
    name text NOT NULL CHECK (name <> '' AND length(name) <= 100),
    -- SHA-256 of 256 random bits; none for a site that cannot keep a secret.
    secret_hash bytea CHECK (length(secret_hash) = 32),
    redirect_uris text[] NOT NULL CHECK (cardinality(redirect_uris) BETWEEN 1 AND 20),
    logout_uris text[] NOT NULL CHECK (cardinality(logout_uris) <= 20),
    signed_by text NOT NULL CHECK (signed_by IN ('RS256', 'ES256')),
    -- Whether it is told of the organizations that somebody may enter, and of their roles there.
    tells_organizations boolean NOT NULL,
    created_at timestamptz NOT NULL
);
GRANT SELECT ON issuer.client TO plenum_app;
GRANT SELECT, INSERT, DELETE ON issuer.client TO plenum_operator;

-- Keys that sign ID tokens, sealed by the vault.
CREATE TABLE issuer.signing_key (
    id uuid PRIMARY KEY,
    algorithm text NOT NULL CHECK (algorithm IN ('RS256', 'ES256')),
    sealed_key bytea NOT NULL,
    public_key jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    -- From then on it signs no more, and is shown for as long as what it signed may be looked at.
    retired_at timestamptz
);
CREATE UNIQUE INDEX signing_key_active ON issuer.signing_key (algorithm) WHERE retired_at IS NULL;
GRANT SELECT, INSERT ON issuer.signing_key TO plenum_app;
GRANT UPDATE (retired_at) ON issuer.signing_key TO plenum_app;

-- A sign-in at a site: the code, and the token that it was redeemed for.
CREATE TABLE issuer.admission (
    id uuid PRIMARY KEY,
    client_id text NOT NULL REFERENCES issuer.client (id) ON DELETE CASCADE,
    account_id uuid NOT NULL,
    scope text NOT NULL,
    nonce text,
    redirect_uri text NOT NULL,
    -- RFC 7636, S256.
    challenge text NOT NULL,
    signed_in_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    code_hash bytea NOT NULL UNIQUE CHECK (length(code_hash) = 32),
    redeemed_at timestamptz,
    access_hash bytea UNIQUE CHECK (length(access_hash) = 32),
    access_until timestamptz
);
CREATE INDEX admission_created ON issuer.admission (created_at);
CREATE INDEX admission_client ON issuer.admission (client_id);
GRANT SELECT, INSERT, DELETE ON issuer.admission TO plenum_app;
GRANT UPDATE (redeemed_at, access_hash, access_until) ON issuer.admission TO plenum_app;
-- A site that is removed takes what it holds with it.
GRANT SELECT, DELETE ON issuer.admission TO plenum_operator;
