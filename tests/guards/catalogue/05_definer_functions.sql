-- A function that runs as its definer reads what its caller may not.
SELECT plan(1);
SELECT is_empty($$
    SELECT format('%I.%I', n.nspname, p.proname)
      FROM pg_proc p
      JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE p.prosecdef
       AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
$$, 'no function runs as its definer');
SELECT * FROM finish();
