//! Row security alone: with the application's own filters taken out of every query, the transaction of one organization
//! still reads and changes nothing of another.

use std::{fs, path::Path};

use plenum_embedded::APP;
use plenum_kernel::TypedId;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row};
use testkit::{Tenant, World};

use crate::{answers::Secrets, walk::Faults};

/// The answers about all checked queries, from the crate's folder.
const QUERIES: &str = "../../.sqlx";
/// So many queries have to show something to the organization's own people, or the proof would be of nothing. The others
/// count, or ask for a state that the filled organization is not in.
const LEAST_FRUITFUL: usize = 60;

/// Asks as the application's role inside of B, with A's id in the place of every tenant.
pub async fn holds(world: &World, a: &Tenant, b: &Tenant, secrets: &Secrets, faults: &Faults) {
    let app = world.database().url(APP);
    let mut connection = PgConnection::connect(&app).await.expect("the application's role connects");
    let (mut fruitful, mut executed, mut refused) = (0, 0, Vec::new());
    for query in queries() {
        let bare = without_filters(&query, a);
        let theirs = ask(&mut connection, a, &bare).await;
        match theirs {
            Ok(rows) => {
                executed += 1;
                fruitful += usize::from(rows.iter().any(|row| secrets.found_in(row, "").is_some()));
            }
            Err(error) => refused.push(format!("{bare}: {error}")),
        }
        if let Ok(rows) = ask(&mut connection, b, &bare).await {
            for row in rows {
                if let Some(secret) = secrets.found_in(&row, "") {
                    faults.note(format!("row security alone shows {secret} of A to B: {bare}: {row}"));
                }
            }
        }
    }
    assert!(refused.len() * 20 < executed, "too many cannot be asked without filters: {refused:#?}");
    assert!(
        fruitful >= LEAST_FRUITFUL,
        "only {fruitful} of {executed} queries show anything of A to A itself"
    );
    tables(world, a, b, faults).await;
}

/// Every query of the product that reads.
fn queries() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(QUERIES);
    let mut queries: Vec<Value> = fs::read_dir(folder)
        .expect("the answers about queries are there")
        .map(|entry| fs::read_to_string(entry.expect("a file").path()).expect("an answer is text"))
        .map(|text| serde_json::from_str(&text).expect("an answer is JSON"))
        .filter(|query: &Value| {
            let text = query["query"].as_str().expect("a query").trim_start().to_uppercase();
            let writes = ["INSERT ", "UPDATE ", "DELETE "].iter().any(|verb| text.contains(verb));
            (text.starts_with("SELECT") || text.starts_with("WITH")) && !writes && text.contains("TENANT_ID")
        })
        .collect();
    queries.sort_by_key(|query| query["hash"].as_str().map(str::to_owned));
    queries
}

/// The query with every comparison to a parameter made true, and with values for the parameters that are left.
fn without_filters(query: &Value, a: &Tenant) -> String {
    let text = query["query"].as_str().expect("a query");
    let kinds = query["describe"]["parameters"]["Left"].as_array().expect("parameters");
    let mut bare = drop_comparisons(text);
    for (at, kind) in kinds.iter().enumerate().rev() {
        let value = match kind.as_str().unwrap_or_default() {
            "Uuid" => format!("'{}'::uuid", a.id.uuid()),
            "Int2" | "Int4" | "Int8" => "100".to_owned(),
            "Bool" => "true".to_owned(),
            "Text" | "Varchar" => "''::text".to_owned(),
            "Timestamptz" => "'2026-11-23T09:00:00Z'::timestamptz".to_owned(),
            "Date" => "'2026-11-23'::date".to_owned(),
            "UuidArray" => format!("ARRAY['{}'::uuid]", a.id.uuid()),
            "TextArray" => "ARRAY['']::text[]".to_owned(),
            _ => "NULL".to_owned(),
        };
        bare = bare.replace(&format!("${}", at + 1), &value);
    }
    bare
}

/// `column = $n`, `column = ANY ($n)`, `column > $n` and their like, made true.
fn drop_comparisons(text: &str) -> String {
    let mut words: Vec<String> = text.replace("($", "( $").split_whitespace().map(str::to_owned).collect();
    let mut at = 1;
    while at + 1 < words.len() {
        let compares = ["=", "<", ">", "<=", ">=", "<>"].contains(&words[at].as_str());
        let column = words[at - 1].trim_start_matches('(');
        let is_column = column.contains('.') || column.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        let any = words[at + 1] == "ANY" && words.get(at + 2).is_some_and(|word| word == "(");
        let value = if any { at + 3 } else { at + 1 };
        let is_parameter = words.get(value).is_some_and(|word| {
            let word = word.trim_end_matches([')', ',', ';']);
            word.strip_prefix('$').is_some_and(|digits| digits.chars().all(|c| c.is_ascii_digit()))
        });
        if compares && is_column && is_parameter {
            let opened = "(".repeat(words[at - 1].matches('(').count());
            let closing = words[value].matches(')').count() - usize::from(any);
            let tail = if words[value].ends_with(',') { "," } else { "" };
            words[at - 1] = format!("{opened}true{}{tail}", ")".repeat(closing));
            words.drain(at..=value);
        } else {
            at += 1;
        }
    }
    words.join(" ")
}

/// The rows as text, read inside of a tenant and undone.
async fn ask(
    connection: &mut PgConnection,
    tenant: &Tenant,
    query: &str,
) -> Result<Vec<String>, sqlx::Error> {
    let begin = format!(
        "BEGIN; SET LOCAL plenum.tenant_id = '{}'; SET LOCAL plenum.account_id = ''",
        tenant.id.uuid()
    );
    connection.execute(sqlx::raw_sql(AssertSqlSafe(begin))).await.expect("begun");
    let all = format!("SELECT row_to_json(q)::text FROM ({query}) q");
    let rows = connection.fetch_all(sqlx::raw_sql(AssertSqlSafe(all))).await;
    connection.execute("ROLLBACK").await.expect("undone");
    Ok(rows?.iter().filter_map(|row| row.get::<Option<String>, _>(0)).collect())
}

/// The same of every table, without any query of the product: rows of A are neither read nor changed nor made by B.
async fn tables(world: &World, a: &Tenant, b: &Tenant, faults: &Faults) {
    let mut superuser =
        PgConnection::connect(&world.database().superuser_url()).await.expect("the superuser connects");
    let mut app = PgConnection::connect(&world.database().url(APP)).await.expect("the application connects");
    let tables = superuser
        .fetch_all(
            "SELECT c.oid::regclass::text
               FROM pg_class c
               JOIN pg_attribute t ON t.attrelid = c.oid AND t.attname = 'tenant_id' AND NOT t.attisdropped
              WHERE c.relkind IN ('r', 'p')
              ORDER BY 1",
        )
        .await
        .expect("the catalogue answers");
    let (theirs, ours) = (a.id.uuid(), b.id.uuid());
    let mut seen = 0;
    for table in tables {
        let table: String = table.get(0);
        let row = format!("SELECT row_to_json(t)::text FROM {table} t WHERE tenant_id = '{theirs}' LIMIT 1");
        let row =
            superuser.fetch_optional(sqlx::raw_sql(AssertSqlSafe(row))).await.expect("the superuser reads");
        let Some(row) = row.map(|row| row.get::<String, _>(0)) else { continue };
        seen += 1;
        let row = row.replace('\'', "''");
        for (what, sql) in [
            ("read", format!("SELECT FROM {table} WHERE tenant_id <> '{ours}'")),
            ("locked", format!("SELECT FROM {table} WHERE tenant_id <> '{ours}' FOR UPDATE")),
            ("changed", format!("UPDATE {table} SET tenant_id = tenant_id WHERE tenant_id <> '{ours}'")),
            ("taken", format!("UPDATE {table} SET tenant_id = '{ours}' WHERE tenant_id = '{theirs}'")),
            ("given away", format!("UPDATE {table} SET tenant_id = '{theirs}'")),
            ("deleted", format!("DELETE FROM {table} WHERE tenant_id <> '{ours}'")),
            (
                "made",
                format!("INSERT INTO {table} SELECT * FROM json_populate_record(NULL::{table}, '{row}')"),
            ),
        ] {
            let begin =
                format!("BEGIN; SET LOCAL plenum.tenant_id = '{ours}'; SET LOCAL plenum.account_id = ''");
            app.execute(sqlx::raw_sql(AssertSqlSafe(begin))).await.expect("begun");
            // An error is a refusal: of row security, or because the role has not got the right at all.
            let touched = if what == "read" || what == "locked" {
                app.fetch_all(sqlx::raw_sql(AssertSqlSafe(sql))).await.map_or(0, |rows| rows.len())
            } else {
                app.execute(sqlx::raw_sql(AssertSqlSafe(sql)))
                    .await
                    .map_or(0, |done| usize::try_from(done.rows_affected()).unwrap_or(usize::MAX))
            };
            app.execute("ROLLBACK").await.expect("undone");
            if touched > 0 {
                faults.note(format!("row security alone lets {touched} rows of {table} be {what}"));
            }
        }
    }
    assert!(seen >= 40, "only {seen} tables have a row of A");
}
