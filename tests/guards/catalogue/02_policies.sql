-- Every table of a tenant has the one exact policy: `USING (true)` shows everything, and policies are permissive, so
-- that a second one adds to what the first one shows. An account also sees its own accesses, without a tenant.
SELECT plan(3);
SELECT is_empty($$
    SELECT format('%I.%I', n.nspname, c.relname), p.polname
      FROM pg_policy p
      JOIN pg_class c ON c.oid = p.polrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE (pg_get_expr(p.polqual, p.polrelid) IS DISTINCT FROM
                '(tenant_id = (current_setting(''plenum.tenant_id''::text))::uuid)'
            AND NOT (n.nspname = 'tenancy' AND c.relname = 'account_access'))
        OR pg_get_expr(p.polwithcheck, p.polrelid) IS DISTINCT FROM
                '(tenant_id = (current_setting(''plenum.tenant_id''::text))::uuid)'
$$, 'a policy lets through what has the tenant of the transaction, and nothing else');
SELECT is_empty($$
    SELECT format('%I.%I', n.nspname, c.relname), count(p.oid)
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
      LEFT JOIN pg_policy p ON p.polrelid = c.oid
     WHERE c.relkind IN ('r', 'p')
       AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
     GROUP BY n.nspname, c.relname
    HAVING count(p.oid) <> 1
$$, 'every table of a tenant has one policy, no more and no less');
SELECT is_empty($$
    SELECT format('%I.%I', n.nspname, c.relname), p.polname
      FROM pg_policy p
      JOIN pg_class c ON c.oid = p.polrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE p.polcmd <> '*' OR p.polroles <> '{0}'
$$, 'a policy holds for every command and every role');
SELECT * FROM finish();
