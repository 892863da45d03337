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

/// What the catalogue's queries complain about: a text before each name that they find.
const COMPLAINTS: &[(&str, &str)] = &[
    (
        "row security is not enabled and forced on",
        "SELECT n.nspname || '.' || c.relname
           FROM pg_class c
           JOIN pg_namespace n ON n.oid = c.relnamespace
           JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
          WHERE c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)",
    ),
    (
        "a view steps over row security:",
        "SELECT n.nspname || '.' || c.relname
           FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE c.relkind IN ('v', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema')",
    ),
    (
        "a security definer function steps over row security:",
        "SELECT n.nspname || '.' || p.proname
           FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
          WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema')",
    ),
    (
        "a unique key tells of other tenants:",
        "SELECT i.indexrelid::regclass::text
           FROM pg_index i
           JOIN pg_attribute t ON t.attrelid = i.indrelid AND t.attname = 'tenant_id' AND NOT t.attisdropped
           JOIN pg_class c ON c.oid = i.indrelid AND c.relkind IN ('r', 'p')
          WHERE (i.indisprimary OR i.indisunique) AND i.indkey[0] <> t.attnum",
    ),
    (
        "no primary key:",
        "SELECT c.oid::regclass::text
           FROM pg_class c
           JOIN pg_attribute t ON t.attrelid = c.oid AND t.attname = 'tenant_id' AND NOT t.attisdropped
          WHERE c.relkind IN ('r', 'p')
            AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)",
    ),
    (
        "a foreign key crosses tenants:",
        "SELECT con.conname || ' on ' || con.conrelid::regclass::text
           FROM pg_constraint con
           JOIN pg_attribute here ON here.attrelid = con.conrelid AND here.attname = 'tenant_id'
           JOIN pg_attribute there ON there.attrelid = con.confrelid AND there.attname = 'tenant_id'
          WHERE con.contype = 'f' AND NOT (here.attnum = ANY (con.conkey) AND there.attnum = ANY (con.confkey))",
    ),
    (
        "the application has a right that row security does not bind:",
        "SELECT table_schema || '.' || table_name || ' ' || privilege_type
           FROM information_schema.role_table_grants
          WHERE grantee IN ('plenum_app', 'PUBLIC')
            AND table_schema NOT IN ('pg_catalog', 'information_schema')
            AND privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')",
    ),
    (
        // FORCE does not bind superusers.
        "not owned by plenum_owner:",
        "SELECT n.nspname || '.' || c.relname
           FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
            AND pg_get_userbyid(c.relowner) <> 'plenum_owner'",
    ),
    (
        "the application's role has powers:",
        "SELECT rolname::text
           FROM pg_roles r
          WHERE rolname = 'plenum_app'
            AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication
                 OR EXISTS (SELECT FROM pg_class WHERE relowner = r.oid)
                 OR EXISTS (SELECT FROM pg_auth_members WHERE member = r.oid))",
    ),
];

/// Everything that is wrong with the catalogue.
async fn complaints(connection: &mut PgConnection) -> Vec<String> {
    let mut found = Vec::new();
    for (what, sql) in COMPLAINTS {
        found.extend(strings(connection, sql).await.into_iter().map(|name| format!("{what} {name}")));
    }
    let exact = "(tenant_id = (current_setting('plenum.tenant_id'::text))::uuid)";
    for table in strings(connection, TENANT_TABLES).await {
        let (schema, name) = table.split_once('.').expect("a schema and a name");
        let policies = sqlx::query(
            "SELECT roles::text[] AS roles, cmd, qual, with_check
               FROM pg_policies WHERE schemaname = $1 AND tablename = $2",
        )
        .bind(schema)
        .bind(name)
        .fetch_all(&mut *connection)
        .await
        .expect("the catalogue answers");
        let kept = policies.len() == 1
            && policies[0].get::<String, _>("cmd") == "ALL"
            && policies[0].get::<Vec<String>, _>("roles") == ["public"]
            && policies[0].get::<Option<String>, _>("with_check").as_deref() == Some(exact)
            && (table == OWN_ROWS || policies[0].get::<Option<String>, _>("qual").as_deref() == Some(exact));
        if !kept {
            found.push(format!("not the one exact policy: {table}"));
        }
    }
    let without = "SELECT n.nspname || '.' || c.relname
           FROM pg_class c
           JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE c.relkind IN ('r', 'p', 'f')
            AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
            AND NOT EXISTS (SELECT FROM pg_attribute a
                             WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped)";
    for table in strings(connection, without).await {
        if !GLOBAL.iter().any(|(known, _)| *known == table) {
            found.push(format!("no tenant_id, and no known exception: {table}"));
        }
    }
    found
}

#[tokio::test]
async fn every_tenant_table_is_behind_the_wall() {
    let world = World::builder().build().await;
    let mut connection = catalogue(&world).await;
    let tables = strings(&mut connection, TENANT_TABLES).await;
    assert!(tables.len() >= 15, "{tables:?}");
    let found = complaints(&mut connection).await;
    assert!(found.is_empty(), "{found:#?}");
}

#[tokio::test]
async fn each_planted_defect_is_found() {
    let world = World::builder().build().await;
    let mut connection = catalogue(&world).await;
    for (defect, complaint) in [
        ("ALTER TABLE bodies.seat NO FORCE ROW LEVEL SECURITY", "not enabled and forced on bodies.seat"),
        ("ALTER TABLE bodies.seat DISABLE ROW LEVEL SECURITY", "not enabled and forced on bodies.seat"),
        ("ALTER POLICY tenant_isolation ON bodies.vote USING (true)", "not the one exact policy: bodies.vote"),
        ("CREATE POLICY too_much ON bodies.vote FOR SELECT USING (true)", "not the one exact policy: bodies.vote"),
        ("CREATE VIEW bodies.seats AS SELECT * FROM bodies.seat", "a view steps over row security: bodies.seats"),
        (
            "CREATE FUNCTION bodies.all_seats() RETURNS bigint LANGUAGE sql SECURITY DEFINER
                 AS 'SELECT count(*) FROM bodies.seat'",
            "definer function steps over row security: bodies.all_seats",
        ),
        ("CREATE TABLE bodies.note (id uuid PRIMARY KEY)", "no known exception: bodies.note"),
        ("CREATE UNIQUE INDEX seat_email ON bodies.seat (email)", "tells of other tenants: bodies.seat_email"),
        (
            "ALTER TABLE bodies.ballot DROP CONSTRAINT ballot_pkey",
            "no primary key: bodies.ballot",
        ),
        (
            "CREATE UNIQUE INDEX seat_id ON bodies.seat (id);
             ALTER TABLE bodies.roll ADD CONSTRAINT roll_loose FOREIGN KEY (seat_id) REFERENCES bodies.seat (id) NOT VALID",
            "a foreign key crosses tenants: roll_loose",
        ),
        ("GRANT TRUNCATE ON bodies.seat TO plenum_app", "does not bind: bodies.seat TRUNCATE"),
        ("ALTER TABLE bodies.seat OWNER TO postgres", "not owned by plenum_owner: bodies.seat"),
        ("ALTER ROLE plenum_app BYPASSRLS", "the application's role has powers: plenum_app"),
        ("GRANT plenum_owner TO plenum_app", "the application's role has powers: plenum_app"),
    ] {
        sqlx::raw_sql("BEGIN").execute(&mut connection).await.expect("begun");
        sqlx::raw_sql(defect).execute(&mut connection).await.unwrap_or_else(|error| panic!("{defect}: {error}"));
        let found = complaints(&mut connection).await;
        sqlx::raw_sql("ROLLBACK").execute(&mut connection).await.expect("undone");
        assert!(found.iter().any(|one| one.contains(complaint)), "{defect} was not found: {found:#?}");
    }
    assert!(complaints(&mut connection).await.is_empty(), "everything was undone");
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

/// A browser that leaves a page gives up its requests at any moment, also while their transactions begin.
#[tokio::test]
async fn a_transaction_given_up_at_its_beginning_leaves_no_connection_inside_of_it() {
    use futures_util::{future::join_all, poll};
    use plenum_authz::{Permission, Viewer};
    use plenum_db::Access;

    const PROBE: Permission = Permission::new("guards.probe");
    const INSIDE: &str = "SELECT count(*) FROM pg_stat_activity
          WHERE datname = current_database() AND usename = 'plenum_app' AND state LIKE 'idle in transaction%'";
    let world = World::builder().build().await;
    let tenant = world.tenant("ours", &[]).await;
    let viewer = Viewer::system(tenant.id, "guards");
    let mut connection = catalogue(&world).await;
    for polls in 0..12 {
        // As many as the pool has connections, and more.
        join_all((0..24).map(|_| async {
            let mut begin = Box::pin(world.db.tenant(&viewer, PROBE, Access::Read));
            for _ in 0..polls {
                if poll!(begin.as_mut()).is_ready() {
                    return;
                }
                tokio::task::yield_now().await;
            }
        }))
        .await;
        let settled = async {
            while sqlx::query(INSIDE).fetch_one(&mut connection).await.expect("counted").get::<i64, _>(0) > 0
            {
                tokio::task::yield_now().await;
            }
        };
        let settled = tokio::time::timeout(std::time::Duration::from_secs(20), settled).await;
        assert!(settled.is_ok(), "given up after {polls} polls, connections stay inside of transactions");
    }
}
