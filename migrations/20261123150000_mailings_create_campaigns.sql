-- Mailings: lists that people can leave, campaigns, and the ledger that says for each recipient what became of the letter.
CREATE SCHEMA mailings;
GRANT USAGE ON SCHEMA mailings TO plenum_app;

-- What a recipient can unsubscribe from.
CREATE TABLE mailings.list (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    id uuid NOT NULL,
    -- tenancy.unit whose list it is: nobody outside of it is ever addressed.
    unit_id uuid NOT NULL,
    name text NOT NULL CHECK (name <> ''),
    description text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX list_name ON mailings.list (tenant_id, unit_id, lower(name));
ALTER TABLE mailings.list ENABLE ROW LEVEL SECURITY;
ALTER TABLE mailings.list FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON mailings.list
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON mailings.list TO plenum_app;
GRANT UPDATE (name, description) ON mailings.list TO plenum_app;

CREATE TABLE mailings.campaign (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    list_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'scheduled', 'sending', 'paused', 'done', 'cancelled')),
    subject text NOT NULL,
    sender_name text NOT NULL,
    -- The blocks of the content.
    blocks jsonb NOT NULL,
    -- Who is meant, as the editor says it.
    audience jsonb NOT NULL,
    -- Whether it goes by mail, and chat's channels to which it goes.
    by_mail boolean NOT NULL,
    channels uuid[] NOT NULL,
    scheduled_at timestamptz,
    -- Counts starts, pauses and slices, so that of two jobs that think it is their turn only one is right.
    turn integer NOT NULL DEFAULT 0,
    -- The last member that was looked at while the ledger is written, and when the ledger is complete.
    expanded_to uuid,
    expanded_at timestamptz,
    -- How many of the audience were left out, by reason: as the ledger was written.
    excluded jsonb NOT NULL DEFAULT '{}',
    -- Accounts: who made it, and who gave it to be sent.
    created_by uuid,
    started_by uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, list_id) REFERENCES mailings.list (tenant_id, id),
    CHECK (state <> 'scheduled' OR scheduled_at IS NOT NULL),
    CHECK (state <> 'sending' OR started_at IS NOT NULL),
    CHECK ((state IN ('done', 'cancelled')) = (finished_at IS NOT NULL))
);
CREATE INDEX campaign_latest ON mailings.campaign (tenant_id, updated_at DESC, id DESC);
ALTER TABLE mailings.campaign ENABLE ROW LEVEL SECURITY;
ALTER TABLE mailings.campaign FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON mailings.campaign
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON mailings.campaign TO plenum_app;
GRANT UPDATE (list_id, state, subject, sender_name, blocks, audience, by_mail, channels, scheduled_at, turn, expanded_to,
              expanded_at, excluded, started_by, updated_at, started_at, finished_at) ON mailings.campaign TO plenum_app;

-- The send ledger: one line for each recipient of a campaign, written before the first letter leaves.
CREATE TABLE mailings.delivery (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    campaign_id uuid NOT NULL,
    -- members.person, across modules without a foreign key.
    member_id uuid NOT NULL,
    full_name text NOT NULL,
    address text NOT NULL,
    -- The address as it is compared: two members with one mailbox get one letter.
    address_key text COLLATE "C" NOT NULL CHECK (address_key <> ''),
    state text NOT NULL CHECK (state IN ('pending', 'sending', 'sent', 'failed', 'bounced', 'skipped', 'uncertain')),
    -- Why it was not delivered, for people: the answer of the mail server, or a word of ours.
    reason text,
    attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    -- Before this moment it is not tried (again).
    due_at timestamptz NOT NULL,
    -- The job in whose hands it is or was last.
    job_id uuid,
    claimed_at timestamptz,
    finished_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, campaign_id) REFERENCES mailings.campaign (tenant_id, id),
    CHECK (state <> 'sending' OR (job_id IS NOT NULL AND claimed_at IS NOT NULL)),
    CHECK ((state IN ('pending', 'sending')) = (finished_at IS NULL))
);
CREATE UNIQUE INDEX delivery_recipient ON mailings.delivery (tenant_id, campaign_id, member_id);
CREATE UNIQUE INDEX delivery_address ON mailings.delivery (tenant_id, campaign_id, address_key);
CREATE INDEX delivery_state ON mailings.delivery (tenant_id, campaign_id, state, due_at, id);
CREATE INDEX delivery_recent ON mailings.delivery (tenant_id, finished_at) WHERE state = 'sent';
ALTER TABLE mailings.delivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE mailings.delivery FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON mailings.delivery
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON mailings.delivery TO plenum_app;
GRANT UPDATE (state, reason, attempts, due_at, job_id, claimed_at, finished_at) ON mailings.delivery TO plenum_app;

-- Who gets nothing: of one list, because they left it; of all lists, because their address does not exist.
CREATE TABLE mailings.suppression (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('unsubscribed', 'bounced')),
    list_id uuid,
    member_id uuid,
    address text NOT NULL,
    address_key text COLLATE "C" NOT NULL CHECK (address_key <> ''),
    -- What the mail server said of the address.
    reason text,
    at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, list_id) REFERENCES mailings.list (tenant_id, id),
    CHECK ((kind = 'unsubscribed') = (list_id IS NOT NULL))
);
CREATE UNIQUE INDEX suppression_left ON mailings.suppression (tenant_id, list_id, address_key)
    WHERE kind = 'unsubscribed';
CREATE UNIQUE INDEX suppression_bounced ON mailings.suppression (tenant_id, address_key) WHERE kind = 'bounced';
ALTER TABLE mailings.suppression ENABLE ROW LEVEL SECURITY;
ALTER TABLE mailings.suppression FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON mailings.suppression
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT, DELETE ON mailings.suppression TO plenum_app;
