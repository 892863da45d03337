-- Dues: rates, what excuses from paying, and a ledger that only appends.
CREATE SCHEMA dues;
GRANT USAGE ON SCHEMA dues TO plenum_app;

-- What a unit's members pay from a month on, and those of all units below it that set no rate of their own.
CREATE TABLE dues.rate (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    id uuid NOT NULL,
    -- tenancy.unit, across modules without a foreign key.
    unit_id uuid NOT NULL,
    -- Hundredths of a percent of the declared salary, or kopecks a month.
    kind text NOT NULL CHECK (kind IN ('percent', 'fixed')),
    value bigint NOT NULL CHECK (value >= 0 AND value <= 100000000000),
    -- The first day of a month.
    valid_from date NOT NULL CHECK (extract(day FROM valid_from) = 1),
    created_by uuid,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CHECK (kind <> 'percent' OR value <= 10000)
);
-- Of two rates from the same month, the later one counts.
CREATE INDEX rate_unit ON dues.rate (tenant_id, unit_id, valid_from, id);
ALTER TABLE dues.rate ENABLE ROW LEVEL SECURITY;
ALTER TABLE dues.rate FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON dues.rate
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON dues.rate TO plenum_app;

-- A member with whom dues have had to do. Its row is locked by whatever must not happen twice at once to one member.
CREATE TABLE dues.account (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    -- members.person, across modules without a foreign key.
    member_id uuid NOT NULL,
    -- Where the member is on record now, as the register has told.
    unit_id uuid NOT NULL,
    opened_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, member_id)
);
CREATE INDEX account_unit ON dues.account (tenant_id, unit_id);
ALTER TABLE dues.account ENABLE ROW LEVEL SECURITY;
ALTER TABLE dues.account FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON dues.account
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON dues.account TO plenum_app;
GRANT UPDATE (unit_id) ON dues.account TO plenum_app;

-- The salary that a member has declared, from a month on: what a percentage is taken of.
CREATE TABLE dues.salary (
    tenant_id uuid NOT NULL,
    member_id uuid NOT NULL,
    id uuid NOT NULL,
    kopecks bigint NOT NULL CHECK (kopecks >= 0 AND kopecks <= 100000000000),
    valid_from date NOT NULL CHECK (extract(day FROM valid_from) = 1),
    declared_by uuid,
    declared_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, member_id, id),
    FOREIGN KEY (tenant_id, member_id) REFERENCES dues.account (tenant_id, member_id)
);
ALTER TABLE dues.salary ENABLE ROW LEVEL SECURITY;
ALTER TABLE dues.salary FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON dues.salary
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON dues.salary TO plenum_app;

-- Months for which a member is not charged.
CREATE TABLE dues.exemption (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    member_id uuid NOT NULL,
    ground text NOT NULL CHECK (ground IN ('pensioner', 'parental_leave', 'student', 'unemployed', 'other')),
    from_month date NOT NULL CHECK (extract(day FROM from_month) = 1),
    -- The last month, included; null is for good.
    until_month date CHECK (extract(day FROM until_month) = 1),
    note text CHECK (note <> ''),
    created_by uuid,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, member_id) REFERENCES dues.account (tenant_id, member_id),
    -- One that ends before it begins was withdrawn: it excuses from nothing and stays on record.
    CHECK (until_month IS NULL OR until_month >= from_month - interval '1 month')
);
CREATE INDEX exemption_member ON dues.exemption (tenant_id, member_id, id);
ALTER TABLE dues.exemption ENABLE ROW LEVEL SECURITY;
ALTER TABLE dues.exemption FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON dues.exemption
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON dues.exemption TO plenum_app;
GRANT UPDATE (until_month) ON dues.exemption TO plenum_app;

-- One charging of a month for a unit and all below it, done in the background.
CREATE TABLE dues.charge_run (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    id uuid NOT NULL,
    unit_id uuid NOT NULL,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    state text NOT NULL CHECK (state IN ('waiting', 'done')),
    charged integer NOT NULL DEFAULT 0 CHECK (charged >= 0),
    -- Kopecks charged together.
    total bigint NOT NULL DEFAULT 0 CHECK (total >= 0),
    charged_before integer NOT NULL DEFAULT 0 CHECK (charged_before >= 0),
    exempt integer NOT NULL DEFAULT 0 CHECK (exempt >= 0),
    without_rate integer NOT NULL DEFAULT 0 CHECK (without_rate >= 0),
    without_salary integer NOT NULL DEFAULT 0 CHECK (without_salary >= 0),
    created_by uuid,
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    CHECK ((state = 'done') = (finished_at IS NOT NULL))
);
CREATE UNIQUE INDEX charge_run_waiting ON dues.charge_run (tenant_id, unit_id, month) WHERE state = 'waiting';
ALTER TABLE dues.charge_run ENABLE ROW LEVEL SECURITY;
ALTER TABLE dues.charge_run FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON dues.charge_run
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON dues.charge_run TO plenum_app;
GRANT UPDATE (state, charged, total, charged_before, exempt, without_rate, without_salary, finished_at)
    ON dues.charge_run TO plenum_app;

-- A bank's list of payments: uploaded, tried, perhaps recorded.
CREATE TABLE dues.bank_list (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    id uuid NOT NULL,
    -- The unit whose members, and those below, it may pay for.
    unit_id uuid NOT NULL,
    -- files.file, across modules without a foreign key.
    file_id uuid NOT NULL,
    file_name text NOT NULL CHECK (file_name <> ''),
    state text NOT NULL CHECK (state IN ('checked', 'recorded', 'discarded')),
    created_by uuid,
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    CHECK ((state = 'checked') = (finished_at IS NULL))
);
ALTER TABLE dues.bank_list ENABLE ROW LEVEL SECURITY;
ALTER TABLE dues.bank_list FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON dues.bank_list
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON dues.bank_list TO plenum_app;
GRANT UPDATE (state, finished_at) ON dues.bank_list TO plenum_app;

CREATE TABLE dues.bank_row (
    tenant_id uuid NOT NULL,
    list_id uuid NOT NULL,
    -- The row's number in the file.
    number integer NOT NULL CHECK (number > 0),
    -- As they stand in the file.
    card text NOT NULL,
    paid_on_text text NOT NULL,
    amount_text text NOT NULL,
    reference text NOT NULL,
    -- As they were understood; null when they were not.
    paid_on date,
    kopecks bigint CHECK (kopecks > 0),
    member_id uuid,
    outcome text NOT NULL CHECK (outcome IN ('matched', 'unmatched', 'duplicate', 'unreadable')),
    PRIMARY KEY (tenant_id, list_id, number),
    FOREIGN KEY (tenant_id, list_id) REFERENCES dues.bank_list (tenant_id, id),
    CHECK (outcome <> 'matched' OR (paid_on IS NOT NULL AND kopecks IS NOT NULL AND member_id IS NOT NULL))
);
ALTER TABLE dues.bank_row ENABLE ROW LEVEL SECURITY;
ALTER TABLE dues.bank_row FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON dues.bank_row
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON dues.bank_row TO plenum_app;
GRANT UPDATE (member_id, outcome) ON dues.bank_row TO plenum_app;

-- The ledger. A charge is negative, a payment positive; what was entered wrongly is taken back by an entry of its own,
-- never changed: the application may only read and append.
CREATE TABLE dues.entry (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    member_id uuid NOT NULL,
    -- The member's unit at that time: whose takings they are.
    unit_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('charge', 'payment')),
    -- The month charged for; of a payment, the month in which it was made.
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    kopecks bigint NOT NULL CHECK (kopecks <> 0 AND abs(kopecks) <= 100000000000),
    -- The day of the payment, or of the booking.
    entered_on date NOT NULL,
    -- The entry that this one takes back.
    reverses_id uuid,
    reason text CHECK (reason <> ''),
    rate_id uuid,
    method text CHECK (method IN ('cash', 'bank', 'payroll')),
    -- The bank's number of the payment, or that of the receipt.
    reference text CHECK (reference <> ''),
    -- Chosen by whoever records a payment, so that a repeated request records it once.
    request_id uuid,
    bank_list_id uuid,
    -- How many entries of the same charge, or of the same reference, were taken back before this one.
    round integer NOT NULL CHECK (round >= 0),
    note text CHECK (note <> ''),
    entered_by uuid,
    entered_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, member_id) REFERENCES dues.account (tenant_id, member_id),
    FOREIGN KEY (tenant_id, reverses_id) REFERENCES dues.entry (tenant_id, id),
    FOREIGN KEY (tenant_id, rate_id) REFERENCES dues.rate (tenant_id, id),
    FOREIGN KEY (tenant_id, bank_list_id) REFERENCES dues.bank_list (tenant_id, id),
    CHECK ((kopecks < 0) = ((kind = 'charge') = (reverses_id IS NULL))),
    CHECK ((method IS NOT NULL) = (kind = 'payment')),
    CHECK ((reason IS NOT NULL) = (reverses_id IS NOT NULL))
);
-- One charge per member and month.
CREATE UNIQUE INDEX entry_charge ON dues.entry (tenant_id, member_id, month, round)
    WHERE kind = 'charge' AND reverses_id IS NULL;
-- One payment per number of the bank.
CREATE UNIQUE INDEX entry_reference ON dues.entry (tenant_id, reference, round)
    WHERE method = 'bank' AND reference IS NOT NULL AND reverses_id IS NULL;
CREATE UNIQUE INDEX entry_request ON dues.entry (tenant_id, request_id) WHERE request_id IS NOT NULL;
-- An entry is taken back once.
CREATE UNIQUE INDEX entry_reversal ON dues.entry (tenant_id, reverses_id) WHERE reverses_id IS NOT NULL;
CREATE INDEX entry_member ON dues.entry (tenant_id, member_id, id);
CREATE INDEX entry_unit ON dues.entry (tenant_id, unit_id, month);
ALTER TABLE dues.entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE dues.entry FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON dues.entry
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT ON dues.entry TO plenum_app;
