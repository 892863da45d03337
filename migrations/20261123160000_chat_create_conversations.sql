-- Conversations: channels, who takes part in them, messages in one order for all.
CREATE SCHEMA chat;
GRANT USAGE ON SCHEMA chat TO plenum_app;

CREATE TABLE chat.channel (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('body', 'unit', 'course', 'group', 'direct')),
    -- The body, unit or course, across modules without a foreign key.
    subject_id uuid,
    -- The unit where the channel is: whose officers and keepers moderate it.
    unit_id uuid,
    -- A direct channel is called after the other person.
    name text CHECK (name <> ''),
    -- The two accounts of a direct channel, the smaller id first.
    first_id uuid,
    second_id uuid,
    -- The number of the latest message: 1, 2, 3 … without a gap.
    last_seq bigint NOT NULL DEFAULT 0 CHECK (last_seq >= 0),
    -- The number of the latest change: of a message that came, was edited, deleted or reacted to.
    last_change bigint NOT NULL DEFAULT 0 CHECK (last_change >= last_seq),
    last_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CHECK ((kind IN ('body', 'unit', 'course')) = (subject_id IS NOT NULL)),
    CHECK ((kind = 'direct') = (name IS NULL)),
    CHECK ((kind = 'direct') = (first_id IS NOT NULL)),
    CHECK ((kind = 'direct') = (second_id IS NOT NULL)),
    CHECK (first_id < second_id)
);
CREATE UNIQUE INDEX channel_subject ON chat.channel (tenant_id, kind, subject_id) WHERE subject_id IS NOT NULL;
CREATE UNIQUE INDEX channel_pair ON chat.channel (tenant_id, first_id, second_id) WHERE kind = 'direct';
ALTER TABLE chat.channel ENABLE ROW LEVEL SECURITY;
ALTER TABLE chat.channel FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON chat.channel
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON chat.channel TO plenum_app;
GRANT UPDATE (name, last_seq, last_change, last_at) ON chat.channel TO plenum_app;

CREATE TABLE chat.participant (
    tenant_id uuid NOT NULL,
    channel_id uuid NOT NULL,
    -- identity.account.
    account_id uuid NOT NULL,
    -- members.person, when they take part because of the register.
    member_id uuid,
    -- Came by themselves, or were asked in: what the register says does not take them out.
    by_hand boolean NOT NULL DEFAULT false,
    joined_at timestamptz NOT NULL,
    left_at timestamptz,
    -- Everything up to this message is read.
    read_seq bigint NOT NULL CHECK (read_seq >= 0),
    muted boolean NOT NULL DEFAULT false,
    PRIMARY KEY (tenant_id, channel_id, account_id),
    FOREIGN KEY (tenant_id, channel_id) REFERENCES chat.channel (tenant_id, id)
);
CREATE INDEX participant_account ON chat.participant (tenant_id, account_id) WHERE left_at IS NULL;
CREATE INDEX participant_member ON chat.participant (tenant_id, member_id) WHERE left_at IS NULL;
ALTER TABLE chat.participant ENABLE ROW LEVEL SECURITY;
ALTER TABLE chat.participant FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON chat.participant
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON chat.participant TO plenum_app;
GRANT UPDATE (member_id, by_hand, joined_at, left_at, read_seq, muted) ON chat.participant TO plenum_app;

-- Learners without an account: they take part from the moment they have one.
CREATE TABLE chat.awaited (
    tenant_id uuid NOT NULL,
    channel_id uuid NOT NULL,
    member_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, channel_id, member_id),
    FOREIGN KEY (tenant_id, channel_id) REFERENCES chat.channel (tenant_id, id)
);
CREATE INDEX awaited_member ON chat.awaited (tenant_id, member_id);
ALTER TABLE chat.awaited ENABLE ROW LEVEL SECURITY;
ALTER TABLE chat.awaited FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON chat.awaited
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT, DELETE ON chat.awaited TO plenum_app;

CREATE TABLE chat.message (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    channel_id uuid NOT NULL,
    seq bigint NOT NULL CHECK (seq > 0),
    -- The channel's change at which the message came to be as it is.
    change bigint NOT NULL CHECK (change > 0),
    kind text NOT NULL CHECK (kind IN ('text', 'mailing', 'session')),
    -- identity.account; null when the platform itself says it.
    author_id uuid,
    -- Chosen by the sender: sent again, it is the same message.
    client_id uuid NOT NULL,
    text text NOT NULL CHECK (length(text) <= 4000),
    reply_to uuid,
    -- bodies.session of a notice, and its beginning.
    session_id uuid,
    starts_at timestamptz,
    at timestamptz NOT NULL,
    edited_at timestamptz,
    deleted_at timestamptz,
    deleted_by uuid,
    search tsvector NOT NULL
        GENERATED ALWAYS AS (to_tsvector('russian'::regconfig, translate(lower(text), 'ё', 'е'))) STORED,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, channel_id, id),
    CONSTRAINT message_seq UNIQUE (tenant_id, channel_id, seq),
    CONSTRAINT message_change UNIQUE (tenant_id, channel_id, change),
    CONSTRAINT message_client UNIQUE NULLS NOT DISTINCT (tenant_id, channel_id, client_id, author_id),
    FOREIGN KEY (tenant_id, channel_id) REFERENCES chat.channel (tenant_id, id),
    FOREIGN KEY (tenant_id, channel_id, reply_to) REFERENCES chat.message (tenant_id, channel_id, id),
    CHECK (author_id IS NOT NULL OR kind = 'session'),
    CHECK ((kind = 'session') = (session_id IS NOT NULL)),
    CHECK ((kind = 'session') = (starts_at IS NOT NULL)),
    -- What is deleted is gone: only the place in the order stays.
    CHECK (deleted_at IS NULL OR text = ''),
    CHECK ((deleted_at IS NULL) = (deleted_by IS NULL))
);
-- How much somebody posted lately.
CREATE INDEX message_author ON chat.message (tenant_id, author_id, at);
ALTER TABLE chat.message ENABLE ROW LEVEL SECURITY;
ALTER TABLE chat.message FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON chat.message
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON chat.message TO plenum_app;
GRANT UPDATE (change, text, edited_at, deleted_at, deleted_by) ON chat.message TO plenum_app;

-- What an edited message said before.
CREATE TABLE chat.revision (
    tenant_id uuid NOT NULL,
    message_id uuid NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    text text NOT NULL,
    replaced_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, message_id, number),
    FOREIGN KEY (tenant_id, message_id) REFERENCES chat.message (tenant_id, id)
);
ALTER TABLE chat.revision ENABLE ROW LEVEL SECURITY;
ALTER TABLE chat.revision FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON chat.revision
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT, DELETE ON chat.revision TO plenum_app;

CREATE TABLE chat.reaction (
    tenant_id uuid NOT NULL,
    message_id uuid NOT NULL,
    account_id uuid NOT NULL,
    emoji text NOT NULL CHECK (emoji <> '' AND length(emoji) <= 16),
    at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, message_id, account_id, emoji),
    FOREIGN KEY (tenant_id, message_id) REFERENCES chat.message (tenant_id, id)
);
ALTER TABLE chat.reaction ENABLE ROW LEVEL SECURITY;
ALTER TABLE chat.reaction FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON chat.reaction
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT, DELETE ON chat.reaction TO plenum_app;

CREATE TABLE chat.mention (
    tenant_id uuid NOT NULL,
    message_id uuid NOT NULL,
    account_id uuid NOT NULL,
    -- Of the message: what is unread is counted here.
    channel_id uuid NOT NULL,
    seq bigint NOT NULL,
    PRIMARY KEY (tenant_id, message_id, account_id),
    FOREIGN KEY (tenant_id, message_id) REFERENCES chat.message (tenant_id, id)
);
CREATE INDEX mention_account ON chat.mention (tenant_id, account_id, channel_id, seq);
ALTER TABLE chat.mention ENABLE ROW LEVEL SECURITY;
ALTER TABLE chat.mention FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON chat.mention
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT, DELETE ON chat.mention TO plenum_app;

CREATE TABLE chat.attachment (
    tenant_id uuid NOT NULL,
    message_id uuid NOT NULL,
    position integer NOT NULL CHECK (position > 0),
    -- files.file, across modules without a foreign key; what it is called and its size never change there.
    file_id uuid NOT NULL,
    name text NOT NULL,
    content_type text NOT NULL,
    size_bytes bigint NOT NULL,
    -- Only of what was looked at and really is a picture.
    width integer CHECK (width > 0),
    height integer CHECK (height > 0),
    PRIMARY KEY (tenant_id, message_id, position),
    FOREIGN KEY (tenant_id, message_id) REFERENCES chat.message (tenant_id, id),
    CHECK ((width IS NULL) = (height IS NULL))
);
ALTER TABLE chat.attachment ENABLE ROW LEVEL SECURITY;
ALTER TABLE chat.attachment FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON chat.attachment
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT, DELETE ON chat.attachment TO plenum_app;
