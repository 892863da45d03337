//! Which tables belong to tenants, as the database itself knows it: for what has to reach all of them, whoever added
//! them.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::PgConnection;

use crate::StoreError;

/// A table whose rows belong to tenants: one with a column `tenant_id`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TenantTable {
    /// `schema.table`.
    pub name: String,
    /// All columns, in the table's order.
    pub columns: Vec<String>,
    /// The columns of the primary key, in its order.
    pub key: Vec<String>,
}

impl TenantTable {
    /// The name for a statement.
    #[must_use]
    pub fn quoted(&self) -> String {
        self.name.split('.').map(quoted).collect::<Vec<_>>().join(".")
    }

    /// The primary key for a statement, its columns with commas between them.
    #[must_use]
    pub fn quoted_key(&self) -> String {
        self.key.iter().map(|column| quoted(column)).collect::<Vec<_>>().join(", ")
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// All tables of tenants, by name.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn tenant_tables(conn: &mut PgConnection) -> Result<Vec<TenantTable>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT n.nspname || '.' || c.relname AS "name!",
                  ARRAY(SELECT a.attname::text
                          FROM pg_attribute a
                         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                         ORDER BY a.attnum) AS "columns!",
                  ARRAY(SELECT a.attname::text
                          FROM pg_index i
                         CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, at)
                          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
                         WHERE i.indrelid = c.oid AND i.indisprimary
                         ORDER BY k.at) AS "key!"
             FROM pg_class c
             JOIN pg_namespace n ON n.oid = c.relnamespace
             JOIN pg_attribute t ON t.attrelid = c.oid AND t.attname = 'tenant_id' AND NOT t.attisdropped
            WHERE c.relkind IN ('r', 'p')
              AND NOT c.relispartition
              AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
            ORDER BY 1"#
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| TenantTable { name: row.name, columns: row.columns, key: row.key })
        .collect())
}

/// All tables of tenants, each before those that its rows refer to: in this order they can be emptied.
///
/// # Errors
/// [`StoreError::Value`] when tables refer to each other in a ring, or the database fails.
pub async fn referring_first(conn: &mut PgConnection) -> Result<Vec<TenantTable>, StoreError> {
    let references = sqlx::query!(
        r#"SELECT hn.nspname || '.' || h.relname AS "from!", tn.nspname || '.' || t.relname AS "to!"
             FROM pg_constraint con
             JOIN pg_class h ON h.oid = con.conrelid
             JOIN pg_namespace hn ON hn.oid = h.relnamespace
             JOIN pg_class t ON t.oid = con.confrelid
             JOIN pg_namespace tn ON tn.oid = t.relnamespace
            WHERE con.contype = 'f' AND con.conrelid <> con.confrelid"#
    )
    .fetch_all(&mut *conn)
    .await?;
    let references = references.into_iter().map(|one| (one.from, one.to)).collect();
    order(tenant_tables(conn).await?, &references)
}

fn order(
    tables: Vec<TenantTable>,
    references: &BTreeSet<(String, String)>,
) -> Result<Vec<TenantTable>, StoreError> {
    let mut left: BTreeMap<String, TenantTable> =
        tables.into_iter().map(|table| (table.name.clone(), table)).collect();
    let mut ordered = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let free: Vec<String> = left
            .keys()
            .filter(|name| {
                !references.iter().any(|(from, to)| to == *name && from != *name && left.contains_key(from))
            })
            .cloned()
            .collect();
        if free.is_empty() {
            let ring = left.into_keys().collect::<Vec<_>>().join(", ");
            return Err(StoreError::Value { what: "order of tables", value: ring });
        }
        ordered.extend(free.iter().filter_map(|name| left.remove(name)));
    }
    Ok(ordered)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str) -> TenantTable {
        TenantTable { name: name.to_owned(), columns: Vec::new(), key: Vec::new() }
    }

    #[test]
    fn what_refers_comes_before_what_it_refers_to_and_a_ring_is_told() {
        let pairs = |all: &[(&str, &str)]| -> BTreeSet<(String, String)> {
            all.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect()
        };
        let tables = || ["a.vote", "a.session", "a.ballot", "b.person"].map(table).to_vec();
        let ordered = order(
            tables(),
            &pairs(&[
                ("a.ballot", "a.vote"),
                ("a.vote", "a.session"),
                ("a.ballot", "a.session"),
                ("a.session", "tenancy.tenant"),
            ]),
        )
        .expect("an order");
        let names: Vec<&str> = ordered.iter().map(|table| table.name.as_str()).collect();
        assert_eq!(names, ["a.ballot", "b.person", "a.vote", "a.session"]);
        let ring = order(tables(), &pairs(&[("a.vote", "a.session"), ("a.session", "a.vote")]));
        assert!(ring.is_err());
    }

    #[test]
    fn names_are_quoted_for_statements() {
        let odd = TenantTable { key: vec!["tenant_id".into(), "a\"b".into()], ..table("dues.entry") };
        assert_eq!(
            (odd.quoted().as_str(), odd.quoted_key().as_str()),
            (r#""dues"."entry""#, r#""tenant_id", "a""b""#)
        );
    }
}
