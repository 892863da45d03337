-- How an organization looks, in whose name it writes, which languages it speaks, and what it does without: set by its own
-- administrators. An organization without a row has none of it set.
CREATE TABLE tenancy.settings (
    tenant_id uuid NOT NULL REFERENCES tenancy.tenant (id),
    -- Counts the changes, so that nobody overwrites what they have not seen.
    version bigint NOT NULL DEFAULT 0 CHECK (version >= 0),
    -- The colour as it was chosen, and the shades that are made of it: ten from light to dark, and the tint of the dark scheme.
    accent text CHECK (accent ~ '^#[0-9a-f]{6}$'),
    shades text[] CHECK (cardinality(shades) = 11),
    -- A file of files.file, and the SHA-256 of its bytes, which stands in its address.
    logo_file uuid,
    logo_digest text CHECK (logo_digest ~ '^[0-9a-f]{64}$'),
    sender_name text CHECK (length(sender_name) BETWEEN 1 AND 100 AND sender_name !~ '[[:cntrl:]]'),
    reply_to text CHECK (length(reply_to) BETWEEN 3 AND 254 AND reply_to !~ '[[:cntrl:][:space:]]'),
    language text NOT NULL DEFAULT 'ru',
    languages text[] NOT NULL DEFAULT '{ru,en}' CHECK (languages <@ '{ru,en}' AND cardinality(languages) BETWEEN 1 AND 2),
    -- The modules that were switched off, and the first words of the permissions that nobody holds for that.
    modules_off text[] NOT NULL DEFAULT '{}' CHECK (cardinality(modules_off) <= 50),
    refused text[] NOT NULL DEFAULT '{}' CHECK (cardinality(refused) <= 100),
    changed_at timestamptz,
    changed_by uuid,
    PRIMARY KEY (tenant_id),
    CONSTRAINT settings_accent CHECK ((accent IS NULL) = (shades IS NULL)),
    CONSTRAINT settings_logo CHECK ((logo_file IS NULL) = (logo_digest IS NULL)),
    CONSTRAINT settings_language CHECK (language = ANY (languages))
);
ALTER TABLE tenancy.settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenancy.settings FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON tenancy.settings
    USING (tenant_id = current_setting('plenum.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('plenum.tenant_id')::uuid);
GRANT SELECT, INSERT, UPDATE ON tenancy.settings TO plenum_app;
-- So that an organization can be deleted: its rows are emptied unread.
GRANT SELECT (tenant_id), DELETE ON tenancy.settings TO plenum_operator;
