//! Measures the list of members through the API beside the same SQL run straight on the database.
//!
//! `bench_api [MEMBERS [REQUESTS]]` (100,000 members, 300 requests of each kind): starts a server with a private
//! PostgreSQL in a temporary folder, imports a generated register, signs a keeper in, and asks over HTTP, one request
//! after another, as a browser does: for the first page, for a page in the middle, for searches of part of a name, of
//! a phone and of a form of a word, and for the first page with the whole count. Beside each the statement that the
//! server sends is run on a connection of its own, under row security, in a transaction of its own. The last line is one
//! JSON object. Run it in release.

mod bench;
#[path = "bench/page.rs"]
mod page;
#[path = "../../../modules/members/examples/register_generator/mod.rs"]
mod register_generator;

use std::time::{Duration, Instant};

use anyhow::Context as _;
use bench::{Bench, say};
use plenum_embedded::APP;
use plenum_kernel::{TenantId, TypedId};
use register_generator::write_register;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

const SLUG: &str = "bench";

/// What the web's list shows.
const QUERY: &str =
    "query($filter: MemberFilter, $after: String) { members(first: 50, after: $after, filter: $filter) {
    nodes { id fullName birthDate phone email cardNumber consentState state unit { id name } }
    pageInfo { hasNextPage endCursor } } }";
const COUNTED: &str =
    "query($filter: MemberFilter, $after: String) { members(first: 50, after: $after, filter: $filter) {
    totalCount nodes { id fullName birthDate phone email cardNumber consentState state unit { id name } }
    pageInfo { hasNextPage endCursor } } }";

/// A statement and the texts that are bound in it from `$3` on; `$1` is the tenant, `$2` how many rows.
struct Statement {
    sql: String,
    binds: Vec<String>,
    /// Whether its plan is kept, as the server does for lists without a search.
    prepared: bool,
}

/// One kind of request, and the SQL behind it.
struct Kind {
    name: &'static str,
    query: &'static str,
    variables: Value,
    sql: Vec<Statement>,
    /// Whether the statements find who is shown: a misspelt name is compared in the program.
    finds: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let members: u64 = arguments.next().map_or(Ok(100_000), |members| members.parse())?;
    let requests: usize = arguments.next().map_or(Ok(300), |requests| requests.parse())?;
    let folder = bench::folder()?;
    let bench = Bench::start(folder.path(), &[], false).await?;
    let mut register = Vec::new();
    write_register(&mut register, members, 1, 0.0)?;
    let tenant = bench.tenant(SLUG, register, &["register_keeper"]).await?;
    let client = bench.sign_in(SLUG).await?;
    let postgres = bench.base.postgres.as_ref().context("a private database")?;
    let mut straight = PgConnection::connect(&postgres.url(APP, "plenum")).await?;

    let middle = middle(&mut straight, tenant).await?;
    let mut figures = json!({ "members": members, "requests": requests });
    for kind in kinds(&middle) {
        let mut through = Vec::with_capacity(requests);
        let mut beside = Vec::with_capacity(requests);
        let mut found = 0;
        // In turn, so that what disturbs the machine disturbs both.
        for round in 0..requests + 5 {
            let began = Instant::now();
            let answer = client.ask(kind.query, &kind.variables).await?;
            let api = began.elapsed();
            found = answer["members"]["nodes"].as_array().map_or(0, Vec::len);
            let began = Instant::now();
            let rows = run(&mut straight, tenant, &kind.sql).await?;
            let sql = began.elapsed();
            // One more than is shown tells whether there is a next page.
            let same = !kind.finds || rows.min(50) == found;
            anyhow::ensure!(same && found > 0, "{}: {rows} rows, {found} members", kind.name);
            if round >= 5 {
                through.push(api);
                beside.push(sql);
            }
        }
        let [api_p50, api_p95] = percentiles(through);
        let [sql_p50, sql_p95] = percentiles(beside);
        say(&format!(
            "{:<18} {found:>2} members  API p50 {api_p50:>7.2} ms, p95 {api_p95:>7.2} ms  SQL p50 {sql_p50:>7.2} ms, p95 {sql_p95:>7.2} ms",
            kind.name
        ));
        figures[kind.name] = json!({
            "api_p50_ms": api_p50, "api_p95_ms": api_p95, "sql_p50_ms": sql_p50, "sql_p95_ms": sql_p95,
        });
    }
    straight.close().await?;
    bench.stop().await?;
    say(&figures.to_string());
    Ok(())
}

fn kinds((id, name, born): &(String, String, String)) -> Vec<Kind> {
    let search = |text: &str| json!({ "filter": { "search": text } });
    let kind = |name, variables, sql| Kind { name, query: QUERY, variables, sql, finds: true };
    let count = "SELECT count(*) FROM members.person p WHERE p.tenant_id = $1 AND $2::bigint > 0 AND p.state = 'active'";
    let counted = Statement { sql: count.to_owned(), binds: Vec::new(), prepared: true };
    let candidates = "SELECT p.id, p.name_key, ARRAY[p.find_key LIKE $3]::boolean[] AS elsewhere
           FROM members.person p WHERE p.tenant_id = $1 AND p.state = 'active' LIMIT 300000 + 0 * $2::bigint";
    let compared =
        Statement { sql: candidates.to_owned(), binds: vec!["%соловев%".to_owned()], prepared: true };
    vec![
        kind("first_page", json!({}), vec![list("", &[], true)]),
        kind(
            "middle_page",
            json!({ "after": id }),
            vec![list(" AND (p.name_key, p.birth_date) > ($3, $4::date)", &[name, born], true)],
        ),
        kind(
            "search_name",
            search("соловьёв ник"),
            vec![searched(&[("соловьев", "соловьев"), ("ник", "ник")])],
        ),
        kind("search_phone", search("8 (900) 000-00-28"), vec![searched(&[("9000000028", "9000000028")])]),
        kind("search_word", search("учителями"), vec![searched(&[("учителями", "учител")])]),
        Kind {
            finds: false,
            ..kind("search_misspelt", search("соловев"), vec![searched(&[("соловев", "соловев")]), compared])
        },
        Kind { query: COUNTED, ..kind("first_page_counted", json!({}), vec![counted, list("", &[], true)]) },
    ]
}

/// The statement that the server sends for a search: each word in the name, or its stem elsewhere on the card.
fn searched(words: &[(&str, &str)]) -> Statement {
    let mut condition = String::new();
    let mut binds = Vec::new();
    for (text, stem) in words {
        let at = binds.len() + 3;
        condition.push_str(&format!(" AND (p.name_key LIKE ${at} OR p.find_key LIKE ${})", at + 1));
        binds.extend([format!("%{text}%"), format!("%{stem}%")]);
    }
    let binds: Vec<&str> = binds.iter().map(String::as_str).collect();
    list(&condition, &binds, false)
}

/// The statement that the server sends for a page.
fn list(condition: &str, binds: &[&str], prepared: bool) -> Statement {
    Statement {
        sql: page::members(condition),
        binds: binds.iter().map(|text| (*text).to_owned()).collect(),
        prepared,
    }
}

/// Runs the statements as the server does: read-only, under row security; the rows of the last one.
async fn run(connection: &mut PgConnection, tenant: TenantId, sql: &[Statement]) -> anyhow::Result<usize> {
    let begin = format!("BEGIN READ ONLY; SET LOCAL plenum.tenant_id = '{}'", tenant.uuid());
    sqlx::raw_sql(AssertSqlSafe(begin)).execute(&mut *connection).await?;
    let mut rows = 0;
    for statement in sql {
        let mut query = sqlx::query(AssertSqlSafe(statement.sql.clone()))
            .persistent(statement.prepared)
            .bind(tenant.uuid())
            .bind(51_i64);
        for text in &statement.binds {
            query = query.bind(text);
        }
        rows = query.fetch_all(&mut *connection).await?.len();
    }
    sqlx::raw_sql("COMMIT").execute(&mut *connection).await?;
    Ok(rows)
}

/// Somebody in the middle of the list: id, name and birth date.
async fn middle(connection: &mut PgConnection, tenant: TenantId) -> anyhow::Result<(String, String, String)> {
    let id = tenant.uuid();
    let begin = format!("BEGIN READ ONLY; SET LOCAL plenum.tenant_id = '{id}'");
    sqlx::raw_sql(AssertSqlSafe(begin)).execute(&mut *connection).await?;
    let sql = format!(
        "SELECT id, name_key, birth_date::text FROM members.person WHERE tenant_id = '{id}' AND state = 'active'
          ORDER BY name_key, birth_date
         OFFSET (SELECT count(*) / 2 FROM members.person WHERE tenant_id = '{id}') LIMIT 1"
    );
    let (member, name, born): (uuid::Uuid, String, String) =
        sqlx::query_as(AssertSqlSafe(sql)).fetch_one(&mut *connection).await?;
    sqlx::raw_sql("COMMIT").execute(&mut *connection).await?;
    Ok((plenum_members_api::MemberId::from_uuid(member).global(), name, born))
}

/// The median and the 95th percentile, in milliseconds.
fn percentiles(mut times: Vec<Duration>) -> [f64; 2] {
    times.sort_unstable();
    let at = |part: usize| times[(times.len() * part / 100).min(times.len() - 1)];
    [at(50), at(95)].map(|time| (time.as_secs_f64() * 100_000.0).round() / 100.0)
}
