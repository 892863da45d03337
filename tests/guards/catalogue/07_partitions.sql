-- A partition asked by its own name is bound by its own row security, not by that of the table that it is a part of.
SELECT plan(1);
SELECT is_empty($$
    SELECT format('%I.%I', n.nspname, c.relname)
      FROM pg_inherits i
      JOIN pg_class c ON c.oid = i.inhrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'f')
       AND NOT (c.relrowsecurity AND c.relforcerowsecurity
                AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))
$$, 'every partition has forced row security and a policy of its own');
SELECT * FROM finish();
