//! Measures sign-ins, decisions about permissions, and what isolation and permissions add to a page of members.
//!
//! `bench_auth [TENANTS [ROLES [ROUNDS]]]` (1,000 tenants with 100 own roles each, 2,000 rounds): starts a server with a
//! private PostgreSQL in a temporary folder and a generated register of 100,000 members in one tenant. The roles of all
//! tenants are loaded as a request loads them, one tenant after another, and stay loaded. Then
//!
//! - decisions are taken for a person with three own roles in each tenant, first such as were never taken, then again;
//! - the first page of members is read by its statement alone, as a superuser whom row security does not bind, and by the
//!   same statement in a tenant transaction for a person whose permission comes from an own role, under row security; the
//!   two take turns, each over a pool of as many connections;
//! - people sign in over HTTP with their password, as many at a time as there are cores, and beside it the password's
//!   hash is computed alone, as many at a time.
//!
//! The last line is one JSON object. Run it in release.

mod bench;
#[path = "bench/page.rs"]
mod page;
#[path = "../../../modules/members/examples/register_generator/mod.rs"]
mod register_generator;

use std::time::{Duration, Instant};

use anyhow::Context as _;
use bench::{Bench, say};
use futures_util::future::try_join_all;
use plenum_authz::{Permission, Policy, Viewer};
use plenum_db::{Access, Db};
use plenum_embedded::SUPERUSER;
use plenum_identity::{password, store::accounts};
use plenum_kernel::{AccountId, TenantId, TypedId};
use plenum_tenancy::store::grants;
use register_generator::write_register;
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

const SLUG: &str = "bench";
const MEMBERS: u64 = 100_000;
const VIEW_MEMBERS: Permission = Permission::new("members.view");
/// What is decided about: half of it is in no role.
const ASKED: [Permission; 4] = [
    VIEW_MEMBERS,
    Permission::new("tenancy.view"),
    Permission::new("dues.bench"),
    Permission::new("chat.bench"),
];
/// What the own roles are made of.
const GIVEN: &str = "ARRAY['members.view','tenancy.view','tenancy.people','dues.view','learning.view',
                     'documents.view','mailings.view','chat.use','bodies.view','audit.view']";
/// How much longer the page may take for isolation and permissions.
const LIMIT: f64 = 1.15;
const SIGN_INS: usize = 100;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut next = |standard: usize| arguments.next().map_or(Ok(standard), |text| text.parse());
    let (tenants, roles, rounds) = (next(1_000)?, next(100)?, next(2_000)?);
    let folder = bench::folder()?;
    let bench = Bench::start(folder.path(), &[], false).await?;
    let mut register = Vec::new();
    write_register(&mut register, MEMBERS, 1, 0.0)?;
    let tenant = bench.tenant(SLUG, register, &[]).await?;
    let db = &bench.base.db;
    let mut global = db.global(None).await?;
    let account = accounts::by_email(global.conn(), bench::EMAIL).await?.context("the keeper's account")?.id;
    drop(global);
    let postgres = bench.base.postgres.as_ref().context("a private database")?;
    let mut superuser = PgConnection::connect(&postgres.url(SUPERUSER, "plenum")).await?;
    fill(&mut superuser, tenant, account, tenants, roles).await?;

    let before = resident_mib()?;
    let began = Instant::now();
    let mut viewers = Vec::with_capacity(tenants);
    for id in all_tenants(&mut superuser).await? {
        viewers.push(viewer(db, id, account).await?);
    }
    let load = began.elapsed();
    let loaded_mib = resident_mib()? - before;
    anyhow::ensure!(viewers.len() == tenants + 1, "{} tenants", viewers.len());

    let policy = db.policy();
    let first = decide(policy, &viewers)?;
    let again = decide(policy, &viewers)?;

    let keeper = viewers.iter().find(|viewer| viewer.tenant == tenant).context("the keeper")?;
    let (bare, guarded) = pages(db, &postgres.url(SUPERUSER, "plenum"), keeper, rounds).await?;
    let ratio = guarded.as_secs_f64() / bare.as_secs_f64();
    superuser.close().await?;

    let at_once = std::thread::available_parallelism()?.get();
    let sign_ins = sign_ins(&bench, at_once).await?;
    let hashes = hashes(at_once).await?;
    bench.stop().await?;

    let decisions = (viewers.len() * ASKED.len()) as f64;
    let rate = |count: f64, time: Duration| (count / time.as_secs_f64()).round();
    let rounded = |value: f64| (value * 1000.0).round() / 1000.0;
    let millis = |time: Duration| rounded(time.as_secs_f64() * 1000.0);
    let (loads_rate, first_rate, again_rate) =
        (rate(viewers.len() as f64, load), rate(decisions, first), rate(decisions, again));
    let (sign_in_rate, hash_rate) = (rate(SIGN_INS as f64, sign_ins), rate(SIGN_INS as f64, hashes));
    say(&format!("{tenants} tenants of {roles} own roles: {loads_rate} loaded per second, {loaded_mib} MiB"));
    say(&format!("permission checks: {first_rate} per second when new, {again_rate} per second again"));
    say(&format!(
        "page of members: {} ms bare, {} ms with isolation and permissions, ratio {} (limit {LIMIT})",
        millis(bare),
        millis(guarded),
        rounded(ratio)
    ));
    say(&format!("sign-ins: {sign_in_rate} per second; hashes of passwords alone: {hash_rate} per second"));
    let figures = json!({
        "tenants": tenants, "roles_per_tenant": roles, "tenants_loaded_per_s": loads_rate, "loaded_mib": loaded_mib,
        "checks_new_per_s": first_rate, "checks_again_per_s": again_rate,
        "page_bare_p50_ms": millis(bare), "page_guarded_p50_ms": millis(guarded), "page_ratio": rounded(ratio),
        "page_limit": LIMIT, "page_within_limit": ratio <= LIMIT,
        "sign_ins_per_s": sign_in_rate, "hashes_per_s": hash_rate,
        "sign_in_to_hash": rounded(sign_ins.as_secs_f64() / hashes.as_secs_f64()), "at_once": at_once,
    });
    say(&figures.to_string());
    Ok(())
}

/// Makes the tenants, each with its own roles, of which the person holds three; in the tenant of the register, too.
async fn fill(
    superuser: &mut PgConnection,
    bench: TenantId,
    account: AccountId,
    tenants: usize,
    roles: usize,
) -> anyhow::Result<()> {
    let (bench, account) = (bench.uuid(), account.uuid());
    let sql = format!(
        "BEGIN;
         INSERT INTO tenancy.tenant (id, slug, name, short_name, created_at)
         SELECT gen_random_uuid(), 'many-' || n, 'Профсоюз ' || n, 'П' || n, now()
           FROM generate_series(1, {tenants}) n;
         INSERT INTO tenancy.unit (tenant_id, id, kind, name, created_at)
         SELECT id, gen_random_uuid(), 'apparatus', 'Аппарат', now() FROM tenancy.tenant WHERE slug LIKE 'many-%';
         INSERT INTO tenancy.unit_closure (tenant_id, ancestor_id, descendant_id, distance)
         SELECT u.tenant_id, u.id, u.id, 0 FROM tenancy.unit u JOIN tenancy.tenant t ON t.id = u.tenant_id
          WHERE t.slug LIKE 'many-%';
         INSERT INTO tenancy.own_role
                (tenant_id, id, name, description, permissions, created_at, changed_at)
         SELECT t.id, gen_random_uuid(), 'Роль ' || n, '', {GIVEN}, now(), now()
           FROM tenancy.tenant t CROSS JOIN generate_series(1, {roles}) n
          WHERE t.slug LIKE 'many-%' OR t.id = '{bench}';
         INSERT INTO tenancy.own_role_version (tenant_id, version)
         SELECT tenant_id, nextval('tenancy.role_version') FROM (
                SELECT DISTINCT tenant_id FROM tenancy.own_role) t;
         INSERT INTO tenancy.account_access (tenant_id, account_id, created_at)
         SELECT id, '{account}', now() FROM tenancy.tenant WHERE slug LIKE 'many-%';
         INSERT INTO tenancy.role_grant (tenant_id, id, account_id, role, unit_id, created_at)
         SELECT r.tenant_id, gen_random_uuid(), '{account}', 'own:' || r.id, u.id, now()
           FROM tenancy.own_role r
           JOIN tenancy.unit u ON u.tenant_id = r.tenant_id AND u.parent_id IS NULL
          WHERE r.name IN ('Роль 1', 'Роль 2', 'Роль 3');
         COMMIT;
         ANALYZE"
    );
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(superuser).await?;
    Ok(())
}

async fn all_tenants(superuser: &mut PgConnection) -> anyhow::Result<Vec<TenantId>> {
    let sql = "SELECT tenant_id FROM tenancy.own_role_version ORDER BY tenant_id";
    let ids: Vec<uuid::Uuid> = sqlx::query_scalar(sql).fetch_all(superuser).await?;
    Ok(ids.into_iter().map(TenantId::from_uuid).collect())
}

/// The person in a tenant, as a request finds them; the tenant's roles are loaded by the way.
async fn viewer(db: &Db, tenant: TenantId, account: AccountId) -> anyhow::Result<Viewer> {
    let door = Viewer::system(tenant, "bench");
    let mut tx = db.tenant(&door, Permission::new("bench.grants"), Access::Read).await?;
    let grants = grants::of_account(&mut tx, account).await?;
    Ok(Viewer::person(account, tenant, grants))
}

/// Decides about each permission for each viewer.
fn decide(policy: &Policy, viewers: &[Viewer]) -> anyhow::Result<Duration> {
    let began = Instant::now();
    let mut allowed = 0;
    for viewer in viewers {
        let place = &viewer.grants.first().context("a role")?.scope;
        allowed += ASKED.iter().filter(|permission| policy.allows(viewer, **permission, place)).count();
    }
    let took = began.elapsed();
    anyhow::ensure!(allowed == viewers.len() * ASKED.len() / 2, "{allowed} allowed");
    Ok(took)
}

/// The medians of the page without and with isolation and permissions. Both go over pools of as many connections: one
/// connection for itself would be warmer than the server's, which take turns.
async fn pages(
    db: &Db,
    superuser: &str,
    keeper: &Viewer,
    rounds: usize,
) -> anyhow::Result<(Duration, Duration)> {
    let mut one = PgConnection::connect(superuser).await?;
    let open = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'plenum_app'";
    let open: i64 = sqlx::query_scalar(open).fetch_one(&mut one).await?;
    one.close().await?;
    let open = u32::try_from(open)?.max(1);
    let pool = sqlx::postgres::PgPoolOptions::new()
        .min_connections(open)
        .max_connections(open)
        .test_before_acquire(false)
        .connect(superuser)
        .await?;
    say(&format!("pages go over {open} connections"));
    let sql = page::members("");
    let (mut bare, mut guarded) = (Vec::with_capacity(rounds), Vec::with_capacity(rounds));
    for round in 0..rounds + 100 {
        let began = Instant::now();
        let mut tx = pool.begin_with("BEGIN READ ONLY").await?;
        let query = sqlx::query(AssertSqlSafe(sql.clone())).bind(keeper.tenant.uuid()).bind(51_i64);
        let rows = query.fetch_all(&mut *tx).await?.len();
        tx.commit().await?;
        let alone = began.elapsed();
        let began = Instant::now();
        let mut tx = db.tenant(keeper, VIEW_MEMBERS, Access::Read).await?;
        let query = sqlx::query(AssertSqlSafe(sql.clone())).bind(keeper.tenant.uuid()).bind(51_i64);
        let same = query.fetch_all(tx.conn()).await?.len();
        tx.commit().await?;
        let whole = began.elapsed();
        anyhow::ensure!(rows == 51 && same == 51, "{rows} and {same} rows");
        if round >= 100 {
            bare.push(alone);
            guarded.push(whole);
        }
    }
    pool.close().await;
    bare.sort_unstable();
    guarded.sort_unstable();
    Ok((bare[rounds / 2], guarded[rounds / 2]))
}

/// So many people sign in, each browser one after another.
async fn sign_ins(bench: &Bench, at_once: usize) -> anyhow::Result<Duration> {
    let mut browsers = Vec::new();
    for _ in 0..at_once {
        browsers.push(bench.sign_in(SLUG).await?);
    }
    let began = Instant::now();
    try_join_all(browsers.iter().map(async |browser| {
        for _ in 0..SIGN_INS / at_once {
            browser.sign_in().await?;
        }
        anyhow::Ok(())
    }))
    .await?;
    Ok(began.elapsed())
}

/// The same number of passwords is compared alone.
async fn hashes(at_once: usize) -> anyhow::Result<Duration> {
    let stored = password::hash(bench::PASSWORD.to_owned()).await?;
    let began = Instant::now();
    try_join_all((0..at_once).map(async |_| {
        for _ in 0..SIGN_INS / at_once {
            let same = password::verify(bench::PASSWORD.to_owned(), Some(stored.clone())).await;
            anyhow::ensure!(same, "the password is right");
        }
        anyhow::Ok(())
    }))
    .await?;
    Ok(began.elapsed())
}

/// What the process holds in memory, MiB.
fn resident_mib() -> anyhow::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("VmRSS")?;
    let kib: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kib / 1024)
}
