-- The role that the application signs in with has no power that row security does not bind.
SELECT plan(2);
SELECT is_empty($$
    SELECT rolname
      FROM pg_roles
     WHERE rolname = 'plenum_app'
       AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)
$$, 'the application''s role bypasses nothing and makes nothing');
SELECT isnt_empty(
    'SELECT FROM pg_roles WHERE rolname = ''plenum_app'' AND rolcanlogin',
    'it is the role plenum_app that signs in'
);
SELECT * FROM finish();
