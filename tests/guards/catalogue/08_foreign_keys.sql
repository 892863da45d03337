-- A foreign key is checked without row security: one without the tenant tells whether a stranger's row exists.
SELECT plan(1);
SELECT is_empty($$
    SELECT con.conname, con.conrelid::regclass
      FROM pg_constraint con
      JOIN pg_attribute here ON here.attrelid = con.conrelid AND here.attname = 'tenant_id'
      JOIN pg_attribute there ON there.attrelid = con.confrelid AND there.attname = 'tenant_id'
     WHERE con.contype = 'f'
       AND coalesce(array_position(con.conkey, here.attnum), -1)
           <> coalesce(array_position(con.confkey, there.attnum), -2)
$$, 'a foreign key between tables of a tenant holds the tenant on both sides');
SELECT * FROM finish();
