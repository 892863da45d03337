-- A materialized view is a copy, and row security does not hold for copies.
SELECT plan(1);
SELECT is_empty($$
    SELECT format('%I.%I', n.nspname, c.relname)
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'm'
       AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
$$, 'there is no materialized view');
SELECT * FROM finish();
