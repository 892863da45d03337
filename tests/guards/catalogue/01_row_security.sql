-- Row security is enabled and forced on every table of a tenant: FORCE is what binds the owner too.
SELECT plan(1);
SELECT is_empty($$
    SELECT format('%I.%I', n.nspname, c.relname)
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
     WHERE c.relkind IN ('r', 'p')
       AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
       AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
$$, 'row security is enabled and forced on every table of a tenant');
SELECT * FROM finish();
