-- Somebody is invited into a role by a letter with a link that works once: whom, to what, by whom, until when, and what
-- became of it. An address is all that is known of them until they accept; no account is made or named before that.
CREATE TABLE tenancy.invitation (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    id uuid NOT NULL,
    -- As the inviter writes it.
    email text NOT NULL CHECK (email <> '' AND length(email) <= 254),
    -- Lower case, as accounts have it.
    email_key text NOT NULL CHECK (email_key = lower(email_key)),
    name text NOT NULL CHECK (name <> '' AND length(name) <= 300),
    language text NOT NULL CHECK (language IN ('ru', 'en')),
    role text NOT NULL CHECK (role <> ''),
    unit_id uuid NOT NULL,
    -- The end of the role's term; none is without an end.
    valid_until timestamptz,
    reason text CHECK (reason <> '' AND length(reason) <= 500),
    -- Whose rights are asked again when it is accepted. Null is the platform: an organization's first administrator.
    invited_by uuid,
    created_at timestamptz NOT NULL,
    -- How many letters went out; the link of the last one works, those before do not.
    letters integer NOT NULL CHECK (letters > 0),
    sent_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    -- One that waits beyond its end has expired without a write; it is written when another takes its place.
    state text NOT NULL CHECK (state IN ('waiting', 'accepted', 'revoked', 'expired')),
    ended_at timestamptz,
    -- The account that accepted or revoked it.
    ended_by uuid,
    -- Why it could not be accepted when somebody last tried; it waits all the same.
    refusal text CHECK (refusal IN ('inviter_gone', 'inviter_lacks', 'role_gone', 'suspended', 'own_account')),
    refused_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, unit_id) REFERENCES tenancy.unit (tenant_id, id),
    CHECK ((state = 'waiting') = (ended_at IS NULL)),
    CHECK ((refusal IS NULL) = (refused_at IS NULL))
);
-- An address waits for a role in a unit once.
CREATE UNIQUE INDEX invitation_waiting ON tenancy.invitation (tenant_id, email_key, role, unit_id)
    WHERE state = 'waiting';
CREATE INDEX invitation_sent ON tenancy.invitation (tenant_id, sent_at);
ALTER TABLE tenancy.invitation ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenancy.invitation FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON tenancy.invitation
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON tenancy.invitation TO plenum_app;
GRANT UPDATE (invited_by, letters, sent_at, expires_at, state, ended_at, ended_by, refusal, refused_at)
    ON tenancy.invitation TO plenum_app;

-- The links of its letters: the hash of the secret, never the secret. Those of before are kept, so that whoever opens
-- one is told that a newer letter came.
CREATE TABLE tenancy.invitation_link (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    token_hash bytea NOT NULL CHECK (length(token_hash) = 32),
    invitation_id uuid NOT NULL,
    -- Which letter carried it.
    letter integer NOT NULL CHECK (letter > 0),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, token_hash),
    FOREIGN KEY (tenant_id, invitation_id) REFERENCES tenancy.invitation (tenant_id, id)
);
CREATE INDEX invitation_link_invitation ON tenancy.invitation_link (tenant_id, invitation_id);
ALTER TABLE tenancy.invitation_link ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenancy.invitation_link FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON tenancy.invitation_link
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON tenancy.invitation_link TO plenum_app;
-- So that an organization can be deleted: its rows are emptied unread.
GRANT SELECT (tenant_id), DELETE ON tenancy.invitation, tenancy.invitation_link TO plenum_operator;
