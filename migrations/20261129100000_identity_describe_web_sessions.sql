-- People see where they are signed in and end what is not theirs; a session that is not used ends sooner; acts that weigh
-- need the holder confirmed a short while ago.
ALTER TABLE identity.web_session ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE identity.web_session ADD COLUMN last_used_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE identity.web_session ADD COLUMN user_agent text NOT NULL DEFAULT '';
ALTER TABLE identity.web_session ADD COLUMN address text NOT NULL DEFAULT '';
-- When the holder last proved that it is them: at sign-in, and whenever they were asked again.
ALTER TABLE identity.web_session ADD COLUMN confirmed_at timestamptz;
-- The token before the last rotation: requests that were under way with it are still answered for a moment.
ALTER TABLE identity.web_session ADD COLUMN previous_hash bytea CHECK (length(previous_hash) = 32);
ALTER TABLE identity.web_session ADD COLUMN previous_until timestamptz;
CREATE UNIQUE INDEX web_session_id ON identity.web_session (id);
CREATE INDEX web_session_previous ON identity.web_session (previous_hash) WHERE previous_hash IS NOT NULL;
GRANT UPDATE (token_hash, last_used_at, confirmed_at, previous_hash, previous_until)
    ON identity.web_session TO plenum_app;

-- A browser in which somebody signed in before carries a random token in a cookie; the table holds its SHA-256. It is
-- not slowed by strangers who guess, and signing in from any other is told to the account's holder.
CREATE TABLE identity.known_browser (
    token_hash bytea NOT NULL CHECK (length(token_hash) = 32),
    account_id uuid NOT NULL REFERENCES identity.account (id),
    created_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    PRIMARY KEY (token_hash, account_id)
);
CREATE INDEX known_browser_account ON identity.known_browser (account_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON identity.known_browser TO plenum_app;
