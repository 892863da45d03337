-- A view reads with the rights of its owner, whom the caller's row security may not bind, unless it is told otherwise.
SELECT plan(1);
SELECT is_empty($$
    SELECT format('%I.%I', n.nspname, c.relname)
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'v'
       AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
       AND NOT coalesce(c.reloptions @> '{security_invoker=true}'
                     OR c.reloptions @> '{security_invoker=on}', false)
$$, 'every view reads as its caller (security_invoker)');
SELECT * FROM finish();
