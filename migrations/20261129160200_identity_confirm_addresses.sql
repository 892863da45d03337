-- People change their address; whoever receives mail at the new one has to say so. A link to a password goes to the
-- address of an account, so an address that nobody confirmed is marked.
ALTER TABLE identity.account ADD COLUMN email_verified_at timestamptz;
-- Passwords are set by a link of a letter: whoever has one has received it.
UPDATE identity.account SET email_verified_at = created_at WHERE password_hash IS NOT NULL;
GRANT UPDATE (email, email_key, email_verified_at) ON identity.account TO plenum_app;

CREATE TABLE identity.email_change (
    -- One at a time: the last one asked for.
    account_id uuid PRIMARY KEY REFERENCES identity.account (id),
    token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    -- As the person writes it; the account's own when it is only to be confirmed.
    email text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, DELETE ON identity.email_change TO plenum_app;
