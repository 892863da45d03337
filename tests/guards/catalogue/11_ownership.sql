-- Owners alter their tables, and members of owners are owners. A superuser is bound by nothing, so none owns a table.
SELECT plan(3);
SELECT is_empty($$
    SELECT m.roleid::regrole
      FROM pg_auth_members m
     WHERE m.member = 'plenum_app'::regrole
$$, 'the application''s role is a member of no other');
SELECT is_empty($$
    SELECT c.oid::regclass FROM pg_class c WHERE c.relowner = 'plenum_app'::regrole
$$, 'the application''s role owns nothing');
SELECT is_empty($$
    SELECT format('%I.%I', n.nspname, c.relname), c.relowner::regrole
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p')
       AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
       AND c.relowner <> 'plenum_owner'::regrole
$$, 'plenum_owner owns every table');
SELECT * FROM finish();
