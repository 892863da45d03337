//! Tenancy in the catalogue of the real database: every table, whoever added it.

use sqlx::{Connection, PgConnection, Row};
use testkit::World;

/// Tables that belong to no tenant, and why. This list may grow only with a reason.
const GLOBAL: &[(&str, &str)] = &[
    ("tenancy.tenant", "the directory of tenants itself"),
    ("identity.account", "a person signs in once for all tenants"),
    ("identity.web_session", "belongs to an account"),
    ("identity.password_reset", "belongs to an account"),
    ("identity.failed_sign_in", "belongs to an address, which may be nobody's"),
    ("audit.operator_entry", "what an operator does across tenants"),
    ("public._sqlx_migrations", "the migrations themselves"),
];

/// The one tenant table that an account also sees without a tenant: its own rows only.
const OWN_ROWS: &str = "tenancy.account_access";

async fn catalogue(world: &World) -> PgConnection {
    PgConnection::connect(&world.database().superuser_url()).await.expect("the superuser connects")
}

async fn strings(connection: &mut PgConnection, sql: &'static str) -> Vec<String> {
    sqlx::query(sql)
        .fetch_all(connection)
        .await
        .expect("the catalogue answers")
        .iter()
        .map(|row| row.get::<String, _>(0))
        .collect()
}

/// Tables with a tenant_id.
const TENANT_TABLES: &str = "SELECT n.nspname || '.' || c.relname
       FROM pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
      WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
      ORDER BY 1";

#[tokio::test]
async fn every_tenant_table_has_forced_row_security_and_one_exact_policy() {
    let world = World::builder().build().await;
    let mut connection = catalogue(&world).await;
    let tables = strings(&mut connection, TENANT_TABLES).await;
    assert!(tables.len() >= 15, "{tables:?}");
    let open = strings(
        &mut connection,
        "SELECT n.nspname || '.' || c.relname
           FROM pg_class c
           JOIN pg_namespace n ON n.oid = c.relnamespace
           JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
          WHERE c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)",
    )
    .await;
    assert!(open.is_empty(), "row security is not enabled and forced on {open:?}");
    for table in &tables {
        let (schema, name) = table.split_once('.').expect("a schema and a name");
        let policies = sqlx::query(
            "SELECT permissive, roles::text[] AS roles, cmd, qual, with_check FROM pg_policies WHERE schemaname = $1 AND tablename = $2",
        )
        .bind(schema)
        .bind(name)
        .fetch_all(&mut connection)
        .await
        .expect("the catalogue answers");
        assert_eq!(policies.len(), 1, "{table} has {} policies", policies.len());
        let policy = &policies[0];
        assert_eq!(policy.get::<String, _>("cmd"), "ALL", "{table}");
        assert_eq!(policy.get::<Vec<String>, _>("roles"), ["public"], "{table}");
        let exact = "(tenant_id = (current_setting('plenum.tenant_id'::text))::uuid)";
        assert_eq!(policy.get::<Option<String>, _>("with_check").as_deref(), Some(exact), "{table}");
        if table != OWN_ROWS {
            assert_eq!(policy.get::<Option<String>, _>("qual").as_deref(), Some(exact), "{table}");
        }
    }
}

#[tokio::test]
async fn a_table_without_a_tenant_is_a_known_exception() {
    let world = World::builder().build().await;
    let mut connection = catalogue(&world).await;
    let without = strings(
        &mut connection,
        "SELECT n.nspname || '.' || c.relname
           FROM pg_class c
           JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
            AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
            AND NOT EXISTS (SELECT FROM pg_attribute a
                             WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped)
          ORDER BY 1",
    )
    .await;
    for table in &without {
        assert!(
            GLOBAL.iter().any(|(known, _)| known == table),
            "{table} has no tenant_id and is no known exception"
        );
    }
    let views = strings(
        &mut connection,
        "SELECT n.nspname || '.' || c.relname
           FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE c.relkind IN ('v', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema')",
    )
    .await;
    assert!(views.is_empty(), "views step over row security: {views:?}");
    let definers = strings(
        &mut connection,
        "SELECT n.nspname || '.' || p.proname
           FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
          WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema')",
    )
    .await;
    assert!(definers.is_empty(), "security definer functions step over row security: {definers:?}");
}

#[tokio::test]
async fn keys_of_tenant_tables_begin_with_the_tenant() {
    let world = World::builder().build().await;
    let mut connection = catalogue(&world).await;
    let wrong = strings(
        &mut connection,
        "SELECT i.indexrelid::regclass::text
           FROM pg_index i
           JOIN pg_attribute t ON t.attrelid = i.indrelid AND t.attname = 'tenant_id' AND NOT t.attisdropped
           JOIN pg_class c ON c.oid = i.indrelid AND c.relkind IN ('r', 'p')
          WHERE (i.indisprimary OR i.indisunique) AND i.indkey[0] <> t.attnum",
    )
    .await;
    assert!(wrong.is_empty(), "unique keys that tell of other tenants: {wrong:?}");
    let keyless = strings(
        &mut connection,
        "SELECT c.oid::regclass::text
           FROM pg_class c
           JOIN pg_attribute t ON t.attrelid = c.oid AND t.attname = 'tenant_id' AND NOT t.attisdropped
          WHERE c.relkind IN ('r', 'p')
            AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)",
    )
    .await;
    assert!(keyless.is_empty(), "tenant tables without a primary key: {keyless:?}");
    let loose = strings(
        &mut connection,
        "SELECT con.conname || ' on ' || con.conrelid::regclass::text
           FROM pg_constraint con
           JOIN pg_attribute here ON here.attrelid = con.conrelid AND here.attname = 'tenant_id'
           JOIN pg_attribute there ON there.attrelid = con.confrelid AND there.attname = 'tenant_id'
          WHERE con.contype = 'f' AND NOT (here.attnum = ANY (con.conkey) AND there.attnum = ANY (con.confkey))",
    )
    .await;
    assert!(loose.is_empty(), "foreign keys that cross tenants: {loose:?}");
}

#[tokio::test]
async fn the_application_role_can_step_over_nothing() {
    let world = World::builder().build().await;
    let mut connection = catalogue(&world).await;
    let role = sqlx::query(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
                EXISTS (SELECT FROM pg_class WHERE relowner = r.oid) AS owns,
                EXISTS (SELECT FROM pg_auth_members WHERE member = r.oid) AS belongs
           FROM pg_roles r WHERE rolname = 'plenum_app'",
    )
    .fetch_one(&mut connection)
    .await
    .expect("the application's role exists");
    for power in
        ["rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb", "rolreplication", "owns", "belongs"]
    {
        assert!(!role.get::<bool, _>(power), "the application's role has {power}");
    }
    let rights = strings(
        &mut connection,
        "SELECT table_schema || '.' || table_name || ' ' || privilege_type
           FROM information_schema.role_table_grants
          WHERE grantee IN ('plenum_app', 'PUBLIC')
            AND table_schema NOT IN ('pg_catalog', 'information_schema')
            AND privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')",
    )
    .await;
    assert!(rights.is_empty(), "rights that row security does not bind: {rights:?}");
    let owners = strings(
        &mut connection,
        "SELECT DISTINCT pg_get_userbyid(relowner)::text
           FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
            AND n.nspname || '.' || c.relname NOT LIKE 'public.%'",
    )
    .await;
    assert_eq!(
        owners,
        ["plenum_owner"],
        "FORCE does not bind superusers: tables are owned by a role that is none"
    );
}

#[tokio::test]
async fn without_a_tenant_a_tenant_table_answers_with_an_error() {
    let world = World::builder().build().await;
    let mut connection = catalogue(&world).await;
    for table in strings(&mut connection, TENANT_TABLES).await {
        let mut tx = world.db.global(None).await.expect("a transaction opens");
        let answer = sqlx::query(sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}")))
            .fetch_one(tx.conn())
            .await;
        if table == OWN_ROWS {
            let count: i64 = answer.expect("its own rows, of which there are none").get(0);
            assert_eq!(count, 0, "{table}");
        } else {
            assert!(answer.is_err(), "{table} answers without a tenant");
        }
    }
}

#[tokio::test]
async fn a_read_cannot_write_and_a_write_to_a_neighbour_is_an_error() {
    use plenum_authz::{Permission, Viewer};
    use plenum_db::{Access, AffectedRows};
    use plenum_kernel::TypedId;

    const PROBE: Permission = Permission::new("guards.probe");
    let world = World::builder().build().await;
    let ours = world.tenant("ours", &["ППО № 1"]).await;
    let viewer = Viewer::system(ours.id, "guards");
    let rename = "UPDATE tenancy.unit SET name = 'taken' WHERE id = $1";

    let mut tx = world.db.tenant(&viewer, PROBE, Access::Read).await.expect("a transaction opens");
    let refused = sqlx::query(rename).bind(ours.units[0].uuid()).execute(tx.conn()).await;
    assert!(refused.is_err(), "a read-only transaction wrote");

    let mut tx = world.db.tenant(&viewer, PROBE, Access::Write).await.expect("a transaction opens");
    let neighbour = ours.twin().units[0].uuid();
    let silent =
        sqlx::query(rename).bind(neighbour).execute(tx.conn()).await.expect("row security is silent");
    assert!(silent.exactly(1).is_err(), "a neighbour's row was written");
}
