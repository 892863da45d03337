-- Servers that carry rooms. A row is one life of a server: from a start to its end. It is alive as long as it renews its
-- lease; one that others have counted as dead does not come back to life, so that it learns of it.
CREATE TABLE meetings.node (
    life bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL CHECK (name ~ '^[a-z0-9-]{1,32}$'),
    -- Where media are taken: addresses with ports.
    media text[] NOT NULL,
    -- How many people are in its rooms, and are reckoned to come.
    people integer NOT NULL DEFAULT 0 CHECK (people >= 0),
    takes_rooms boolean NOT NULL,
    -- When it was there last, by its own clock.
    seen_at timestamptz NOT NULL,
    -- By the clock of the database, which is the only one by which servers judge one another.
    leased_until timestamptz NOT NULL,
    dead boolean NOT NULL DEFAULT false
);
GRANT SELECT, INSERT, DELETE ON meetings.node TO plenum_app;
GRANT UPDATE (people, takes_rooms, seen_at, leased_until, dead) ON meetings.node TO plenum_app;

-- Which server has which room. Each time that a room gets another server its epoch grows: what an earlier one still has to
-- tell of the room is refused.
CREATE TABLE meetings.placement (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    -- A session's or a webinar's id.
    room_id uuid NOT NULL,
    -- meetings.node; lives are forgotten when they have ended.
    life bigint NOT NULL,
    epoch bigint NOT NULL CHECK (epoch > 0),
    placed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, room_id)
);
ALTER TABLE meetings.placement ENABLE ROW LEVEL SECURITY;
ALTER TABLE meetings.placement FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON meetings.placement
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON meetings.placement TO plenum_app;
GRANT UPDATE (life, epoch, placed_at) ON meetings.placement TO plenum_app;
GRANT SELECT (tenant_id), DELETE ON meetings.placement TO plenum_operator;

-- When a server was lost with people in a session's room. The interruption ends with the first who is there again, which
-- attendance tells.
CREATE TABLE meetings.interruption (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    session_id uuid NOT NULL,
    -- When the server was there last.
    began_at timestamptz NOT NULL,
    -- As attendance names it: the name and the life.
    node text NOT NULL,
    PRIMARY KEY (tenant_id, session_id, began_at)
);
ALTER TABLE meetings.interruption ENABLE ROW LEVEL SECURITY;
ALTER TABLE meetings.interruption FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON meetings.interruption
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON meetings.interruption TO plenum_app;
GRANT SELECT (tenant_id), DELETE ON meetings.interruption TO plenum_operator;
