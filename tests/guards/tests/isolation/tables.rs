//! What stands in the tables of an organization, looked at from behind the curtain.

use std::collections::BTreeMap;

use plenum_kernel::TypedId;
use sqlx::{Connection, PgConnection, Row};
use testkit::{Tenant, World};

/// How often each row stands in each table, a row being known by its checksum.
pub type Rows = BTreeMap<String, BTreeMap<String, u64>>;

/// The rows of a tenant in every table that has a `tenant_id`.
pub async fn rows(world: &World, tenant: &Tenant) -> Rows {
    let mut connection =
        PgConnection::connect(&world.database().superuser_url()).await.expect("the superuser connects");
    let tables = sqlx::query(
        "SELECT n.nspname || '.' || c.relname
           FROM pg_class c
           JOIN pg_namespace n ON n.oid = c.relnamespace
           JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
          WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')",
    )
    .fetch_all(&mut connection)
    .await
    .expect("the catalogue answers");
    let mut all = Rows::new();
    for table in tables {
        let table: String = table.get(0);
        let sums = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT md5(t::text) FROM {table} t WHERE tenant_id = $1"
        )))
        .bind(tenant.id.uuid())
        .fetch_all(&mut connection)
        .await
        .expect("the superuser reads");
        let rows = all.entry(table).or_default();
        for sum in sums {
            *rows.entry(sum.get(0)).or_default() += 1;
        }
    }
    all
}

/// The tables of which a row is gone or another.
pub fn changed<'r>(before: &'r Rows, after: &Rows) -> Vec<&'r str> {
    let is_kept = |table: &str, rows: &BTreeMap<String, u64>| {
        let now = &after[table];
        rows.iter().all(|(sum, count)| now.get(sum) >= Some(count))
    };
    before.iter().filter(|(table, rows)| !is_kept(table, rows)).map(|(table, _)| table.as_str()).collect()
}
