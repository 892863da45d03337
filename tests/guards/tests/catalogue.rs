//! Tenancy in the catalogue of the real database: every table, whoever added it. The checks are pgTAP tests in
//! `tests/guards/catalogue/*.sql`, which psql or pg_prove run against any database of the product as they are here.

use std::{fs, path::Path};

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row};
use testkit::World;

/// Where the checks are, from the crate's folder.
const CHECKS: &str = "catalogue";

/// The files of the checks with their texts, in the order of their names.
fn checks() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(CHECKS);
    let mut checks: Vec<(String, String)> = fs::read_dir(folder)
        .expect("the checks are there")
        .map(|entry| entry.expect("a file").path())
        .map(|path| {
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).expect("a check is text"))
        })
        .collect();
    checks.sort();
    checks
}

/// A connection of the superuser, with pgTAP in a schema of its own.
async fn catalogue(world: &World) -> PgConnection {
    let mut connection =
        PgConnection::connect(&world.database().superuser_url()).await.expect("the superuser connects");
    connection
        .execute(
            "CREATE SCHEMA pgtap; CREATE EXTENSION pgtap SCHEMA pgtap; SET search_path TO pgtap, pg_catalog",
        )
        .await
        .expect("pgTAP is installed: postgresql-15-pgtap in Debian; `make test SUITE=guards` sees to it");
    connection
}

/// What a check says about the catalogue: nothing when it is content, otherwise its name and the lines of TAP that
/// begin with `not ok`, with what they found.
async fn said(connection: &mut PgConnection, name: &str, check: &str) -> Vec<String> {
    let rows = connection
        .fetch_all(sqlx::raw_sql(AssertSqlSafe(check.to_owned())))
        .await
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    let lines: Vec<String> = rows
        .iter()
        .filter_map(|row| row.try_get::<String, _>(0).ok())
        .flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let planned: usize = lines
        .iter()
        .find_map(|line| line.strip_prefix("1..")?.parse().ok())
        .unwrap_or_else(|| panic!("{name} has no plan: {lines:?}"));
    let tests = lines.iter().filter(|line| line.starts_with("ok ") || line.starts_with("not ok ")).count();
    assert_eq!(tests, planned, "{name} planned other tests than it made: {lines:?}");
    if lines.iter().any(|line| line.starts_with("not ok ")) {
        let found = lines.iter().filter(|line| line.starts_with("not ok ") || line.starts_with('#'));
        return found.map(|line| format!("{name}: {line}")).collect();
    }
    Vec::new()
}

/// Everything that is wrong with the catalogue. Leaves nothing behind, so that a check may plan again.
async fn complaints(connection: &mut PgConnection, checks: &[(String, String)]) -> Vec<String> {
    let mut found = Vec::new();
    for (name, check) in checks {
        connection.execute("SAVEPOINT before_check").await.expect("saved");
        found.extend(said(connection, name, check).await);
        connection.execute("ROLLBACK TO SAVEPOINT before_check").await.expect("undone");
    }
    found
}

#[tokio::test]
async fn every_tenant_table_is_behind_the_wall() {
    let world = World::builder().build().await;
    let mut connection = catalogue(&world).await;
    let checks = checks();
    assert!(checks.len() >= 12, "{checks:?}");
    connection.execute("BEGIN").await.expect("begun");
    let found = complaints(&mut connection, &checks).await;
    assert!(found.is_empty(), "{found:#?}");
}

/// A defect, the check that finds it, and what the check names.
const DEFECTS: &[(&str, &str, &str)] = &[
    ("ALTER TABLE bodies.seat NO FORCE ROW LEVEL SECURITY", "01_row_security.sql", "bodies.seat"),
    ("ALTER TABLE bodies.seat DISABLE ROW LEVEL SECURITY", "01_row_security.sql", "bodies.seat"),
    ("ALTER POLICY tenant_isolation ON bodies.vote USING (true)", "02_policies.sql", "bodies.vote"),
    ("ALTER POLICY tenant_isolation ON bodies.vote WITH CHECK (true)", "02_policies.sql", "bodies.vote"),
    (
        "CREATE POLICY too_much ON bodies.vote FOR SELECT USING (tenant_id IS NOT NULL)",
        "02_policies.sql",
        "bodies.vote",
    ),
    ("DROP POLICY tenant_isolation ON bodies.vote", "02_policies.sql", "bodies.vote"),
    ("ALTER POLICY tenant_isolation ON bodies.vote TO plenum_app", "02_policies.sql", "bodies.vote"),
    ("CREATE VIEW bodies.seats AS SELECT * FROM bodies.seat", "03_views.sql", "bodies.seats"),
    (
        "CREATE MATERIALIZED VIEW bodies.seats AS SELECT * FROM bodies.seat",
        "04_materialized_views.sql",
        "bodies.seats",
    ),
    (
        "CREATE FUNCTION bodies.all_seats() RETURNS bigint LANGUAGE sql SECURITY DEFINER
             AS 'SELECT count(*) FROM bodies.seat'",
        "05_definer_functions.sql",
        "bodies.all_seats",
    ),
    ("CREATE TABLE bodies.note (id uuid PRIMARY KEY)", "06_tenant_column.sql", "bodies.note"),
    (
        "CREATE TABLE bodies.note (tenant_id uuid, id uuid, PRIMARY KEY (tenant_id, id)) PARTITION BY HASH (tenant_id);
         CREATE TABLE bodies.note_0 PARTITION OF bodies.note FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
        "07_partitions.sql",
        "bodies.note_0",
    ),
    (
        "CREATE UNIQUE INDEX seat_id ON bodies.seat (id);
         ALTER TABLE bodies.roll ADD CONSTRAINT roll_loose FOREIGN KEY (seat_id) REFERENCES bodies.seat (id) NOT VALID",
        "08_foreign_keys.sql",
        "roll_loose",
    ),
    ("CREATE UNIQUE INDEX seat_email ON bodies.seat (email)", "09_unique_keys.sql", "seat_email"),
    ("ALTER TABLE bodies.ballot DROP CONSTRAINT ballot_pkey", "09_unique_keys.sql", "bodies.ballot"),
    ("ALTER ROLE plenum_app BYPASSRLS", "10_powers.sql", "plenum_app"),
    ("GRANT plenum_owner TO plenum_app", "11_ownership.sql", "plenum_owner"),
    ("ALTER TABLE bodies.seat OWNER TO plenum_app", "11_ownership.sql", "bodies.seat"),
    ("ALTER TABLE bodies.seat OWNER TO postgres", "11_ownership.sql", "bodies.seat"),
    ("GRANT TRUNCATE ON bodies.seat TO plenum_app", "12_rights.sql", "TRUNCATE"),
    ("GRANT REFERENCES ON bodies.seat TO plenum_app", "12_rights.sql", "REFERENCES"),
    ("GRANT TRIGGER ON bodies.seat TO PUBLIC", "12_rights.sql", "TRIGGER"),
];

#[tokio::test]
async fn each_planted_defect_is_found() {
    let world = World::builder().build().await;
    let mut connection = catalogue(&world).await;
    let checks = checks();
    for (name, _) in &checks {
        assert!(DEFECTS.iter().any(|(_, check, _)| check == name), "no defect shows that {name} finds one");
    }
    for (defect, check, named) in DEFECTS {
        connection.execute("BEGIN").await.expect("begun");
        connection.execute(*defect).await.unwrap_or_else(|error| panic!("{defect}: {error}"));
        let found = complaints(&mut connection, &checks).await;
        connection.execute("ROLLBACK").await.expect("undone");
        let is_found = found.iter().any(|line| line.starts_with(check) && line.contains(named));
        assert!(is_found, "{check} did not find: {defect}: {found:#?}");
    }
    connection.execute("BEGIN").await.expect("begun");
    assert!(complaints(&mut connection, &checks).await.is_empty(), "everything was undone");
}

/// The guard of every single table is missed when it is taken away: the checks know no table by name.
#[tokio::test]
async fn the_wall_of_each_table_is_missed() {
    let world = World::builder().build().await;
    let mut connection = catalogue(&world).await;
    let checks: Vec<(String, String)> = checks().into_iter().take(2).collect();
    let tables = connection
        .fetch_all(
            "SELECT c.oid::regclass::text
               FROM pg_class c
               JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
              WHERE c.relkind IN ('r', 'p')
              ORDER BY 1",
        )
        .await
        .expect("the catalogue answers");
    assert!(tables.len() >= 60, "{} tables", tables.len());
    for table in tables {
        let table: String = table.get(0);
        connection.execute("BEGIN").await.expect("begun");
        // Both at once: each check has to miss its own.
        let defect = format!(
            "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
             DO $$ BEGIN EXECUTE (SELECT format('DROP POLICY %I ON {table}', polname)
                                    FROM pg_policy WHERE polrelid = '{table}'::regclass); END $$"
        );
        connection.execute(sqlx::raw_sql(AssertSqlSafe(defect))).await.expect("taken away");
        let found = complaints(&mut connection, &checks).await;
        connection.execute("ROLLBACK").await.expect("undone");
        for (name, _) in &checks {
            let is_found = found.iter().any(|line| line.starts_with(name.as_str()) && line.contains(&table));
            assert!(is_found, "{name} did not miss the wall of {table}: {found:#?}");
        }
    }
}
