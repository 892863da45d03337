-- Work to be done after the transaction that asked for it. A worker claims within a tenant, under its row security;
-- a NOTIFY on commit says which tenant has something due.
CREATE SCHEMA jobs;
GRANT USAGE ON SCHEMA jobs TO plenum_app;

CREATE TABLE jobs.job (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind <> ''),
    payload jsonb NOT NULL,
    state text NOT NULL CHECK (state IN ('due', 'done', 'failed')),
    run_at timestamptz NOT NULL,
    -- A worker that died leaves its claim to expire.
    claimed_until timestamptz,
    -- The server that holds the claim: when it starts anew, its old claims are void at once.
    claimed_by text,
    attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    last_error text,
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX job_due ON jobs.job (tenant_id, run_at, id) WHERE state = 'due';
ALTER TABLE jobs.job ENABLE ROW LEVEL SECURITY;
ALTER TABLE jobs.job FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON jobs.job
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT, UPDATE ON jobs.job TO plenum_app;
