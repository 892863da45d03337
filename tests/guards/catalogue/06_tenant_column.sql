-- A table without tenant_id is behind no wall. Those that belong to no tenant are named here, each with its reason.
SELECT plan(1);
SELECT is_empty($$
    SELECT format('%I.%I', n.nspname, c.relname)
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'f')
       AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
       AND NOT EXISTS (SELECT FROM pg_attribute a
                        WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped)
    EXCEPT
    SELECT known.name
      FROM (VALUES
          ('tenancy.tenant', 'the directory of tenants itself'),
          ('identity.account', 'a person signs in once for all tenants'),
          ('identity.web_session', 'belongs to an account'),
          ('identity.known_browser', 'belongs to an account'),
          ('identity.totp', 'belongs to an account'),
          ('identity.recovery_code', 'belongs to an account'),
          ('identity.email_change', 'belongs to an account'),
          ('identity.passkey', 'belongs to an account'),
          ('identity.passkey_ceremony', 'belongs to an account, or to nobody yet'),
          ('identity.pending_sign_in', 'belongs to an account'),
          ('identity.password_reset', 'belongs to an account'),
          ('identity.failed_sign_in', 'belongs to an address, which may be nobody''s'),
          ('issuer.client', 'sites belong to the federation'),
          ('issuer.signing_key', 'signs for the installation'),
          ('issuer.admission', 'belongs to an account'),
          ('vault.master_key', 'one key wraps the keys of all tenants'),
          ('vault.installation_key', 'seals what belongs to accounts and to the installation'),
          ('meetings.node', 'servers belong to the installation'),
          ('audit.operator_entry', 'what an operator does across tenants'),
          ('public._sqlx_migrations', 'the migrations themselves')
      ) AS known (name, reason)
$$, 'every table has a tenant_id or is a known exception');
SELECT * FROM finish();
