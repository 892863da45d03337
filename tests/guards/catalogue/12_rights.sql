-- TRUNCATE empties a table past row security, REFERENCES asks it past row security, TRIGGER runs code in it.
SELECT plan(1);
SELECT is_empty($$
    SELECT format('%I.%I', n.nspname, c.relname), acl.grantee::regrole, acl.privilege_type
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
     CROSS JOIN LATERAL aclexplode(c.relacl) acl
     WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
       AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
       AND acl.grantee IN (0, 'plenum_app'::regrole)
       AND acl.privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
$$, 'the application''s role has no right that row security does not bind');
SELECT * FROM finish();
