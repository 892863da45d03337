-- A unique key that does not begin with the tenant tells by its refusal what others have. Without a primary key there is
-- nothing that begins with it.
SELECT plan(2);
SELECT is_empty($$
    SELECT i.indexrelid::regclass
      FROM pg_index i
      JOIN pg_class c ON c.oid = i.indrelid AND c.relkind IN ('r', 'p')
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute t ON t.attrelid = i.indrelid AND t.attname = 'tenant_id' AND NOT t.attisdropped
     WHERE (i.indisprimary OR i.indisunique OR i.indisexclusion)
       AND n.nspname NOT LIKE 'pg\_%'
       AND i.indkey[0] <> t.attnum
$$, 'every unique key of a tenant''s table begins with the tenant');
SELECT is_empty($$
    SELECT c.oid::regclass
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute t ON t.attrelid = c.oid AND t.attname = 'tenant_id' AND NOT t.attisdropped
     WHERE c.relkind IN ('r', 'p')
       AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
       AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)
$$, 'every table of a tenant has a primary key');
SELECT * FROM finish();
