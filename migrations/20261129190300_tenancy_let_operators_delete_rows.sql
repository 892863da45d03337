-- The operator's role empties the tables of an organization that is deleted, and reads none of them: it sees no column but
-- the tenant's, by which the one statement that deletes picks its rows. A table that is made later grants this in its own
-- file.
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN
        SELECT n.nspname, c.relname
          FROM pg_class c
          JOIN pg_namespace n ON n.oid = c.relnamespace
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
         WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
         ORDER BY 1, 2
    LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO plenum_operator', one.nspname);
        EXECUTE format('GRANT SELECT (tenant_id), DELETE ON %I.%I TO plenum_operator', one.nspname, one.relname);
    END LOOP;
END
$$;
