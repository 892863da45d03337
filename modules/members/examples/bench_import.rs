//! Measures the import of a large register beside a bare COPY of the same people.
//!
//! `bench_import [ROWS [ROUNDS]]` (100,000 rows, 3 rounds): starts a PostgreSQL of its own in a temporary folder, with
//! the settings of production, and imports a generated register as the command does, each round into another tenant.
//! COPY then writes the same accepted people, all columns of them, into a table without indexes and row security, and
//! into one with the same indexes. Medians are given; the last line is one JSON object. Run it in release.

mod register_generator;

use std::{
    error::Error,
    fs,
    io::Write as _,
    os::unix::fs::PermissionsExt,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use futures_util::TryStreamExt;
use plenum_authz::{Permission, Policy, Viewer};
use plenum_db::{Access, Db, DbUrls};
use plenum_embedded::{APP, EmbeddedConfig, OPERATOR, OWNER, Postgres, SUPERUSER, bootstrap};
use plenum_files::{Files, LinkKey, ObjectConfig};
use plenum_kernel::{SystemClock, TenantId, TypedId};
use plenum_members::{
    domain::import::{Import, Layout, Limits, Register, Report, Table},
    import_file,
};
use plenum_tenancy::store::{
    tenants::{self, Tenant},
    units::{self, UnitKind},
};
use register_generator::write_register;
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

const DATABASE: &str = "plenum";
const SET_UP: Permission = Permission::new("bench.set_up");

type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let rows: u64 = arguments.next().map_or(Ok(100_000), |rows| rows.parse())?;
    let rounds: usize = arguments.next().map_or(Ok(3), |rounds| rounds.parse())?;

    let folder = tempfile::tempdir()?;
    // The server may run as another user, who has to get through.
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
    let config = EmbeddedConfig { data_dir: folder.path().join("pg"), ..EmbeddedConfig::default() };
    let server = Postgres::start(config, |_| ()).await?;
    bootstrap(&server, DATABASE).await?;
    plenum_db::migrate(&server.url(OWNER, DATABASE)).await?;
    let policy = [("tenancy", plenum_tenancy::POLICY), ("members", plenum_members::POLICY)];
    let urls = DbUrls { app: server.url(APP, DATABASE), operator: Some(server.url(OPERATOR, DATABASE)) };
    let db = Db::connect(&urls, 4, Arc::new(SystemClock), Arc::new(Policy::load(&policy).await?)).await?;
    let objects = ObjectConfig::Folder(folder.path().join("objects"));
    let files = Files::open(&objects, LinkKey::new(vec![0; 32]))?;
    let mut behind = PgConnection::connect(&server.url(SUPERUSER, DATABASE)).await?;

    let mut register = Vec::new();
    write_register(&mut register, rows, 1, 0.03)?;
    let register = Bytes::from(register);
    say(&format!("{rows} rows, {} MiB", register.len() >> 20));

    let (mut imports, mut copies, mut indexed, mut pure) = (vec![], vec![], vec![], vec![]);
    let mut report = Report::default();
    for round in 1..=rounds {
        let tenant = make_tenant(&db, round).await?;
        let began = Instant::now();
        let system = Viewer::system(tenant, "bench");
        report = import_file(&db, &files, &system, "register.csv", register.clone()).await?;
        imports.push(began.elapsed());
        // Before the copies, which hold all of the table in this process.
        let peak = peak_memory_mib()?;
        let people = people_of(&mut behind, tenant).await?;
        copies.push(copy(&mut behind, "", &people).await?);
        indexed.push(copy(&mut behind, "INCLUDING INDEXES", &people).await?);
        pure.push(judge_only(&register)?);
        say(&format!(
            "round {round}: import {:.2?}, COPY {:.2?}, COPY with indexes {:.2?}, reading and judging alone {:.2?}, \
             peak so far {peak} MiB",
            imports[round - 1],
            copies[round - 1],
            indexed[round - 1],
            pure[round - 1],
        ));
        if round == 1 {
            PEAK.set(peak).map_err(|_| "the peak is noted once")?;
        }
    }
    db.close().await;
    behind.close().await?;
    server.stop().await?;

    let [import, copy, indexed, pure] = [imports, copies, indexed, pure].map(median);
    let per_second = |count: u64, time: Duration| (count as f64 / time.as_secs_f64()).round();
    let figures = json!({
        "rows": rows,
        "accepted": report.accepted,
        "import_s": round_to_ms(import),
        "import_rows_per_s": per_second(rows, import),
        "peak_memory_mib": PEAK.get(),
        "copy_s": round_to_ms(copy),
        "copy_rows_per_s": per_second(report.accepted, copy),
        "copy_indexed_s": round_to_ms(indexed),
        "copy_indexed_rows_per_s": per_second(report.accepted, indexed),
        "read_and_judge_s": round_to_ms(pure),
        "import_to_copy": (import.as_secs_f64() / copy.as_secs_f64() * 100.0).round() / 100.0,
        "import_to_copy_indexed": (import.as_secs_f64() / indexed.as_secs_f64() * 100.0).round() / 100.0,
    });
    say(&figures.to_string());
    Ok(())
}

/// The peak of the first round: later ones begin with what the copies have taken.
static PEAK: std::sync::OnceLock<u64> = std::sync::OnceLock::new();

async fn make_tenant(db: &Db, round: usize) -> Outcome<TenantId> {
    let tenant = Tenant {
        id: TenantId::new(),
        slug: format!("bench-{round}"),
        name: "Профсоюз".to_owned(),
        short_name: "Профсоюз".to_owned(),
        is_federation: false,
    };
    let mut operator = db.operator("bench").await?;
    tenants::insert(&mut operator, &tenant, None).await?;
    operator.commit().await?;
    let mut tx = db.tenant(&Viewer::system(tenant.id, "bench"), SET_UP, Access::Write).await?;
    let root = units::insert(&mut tx, None, UnitKind::Apparatus, "Аппарат").await?;
    for number in 1..=40 {
        units::insert(&mut tx, Some(root), UnitKind::Primary, &format!("ППО № {number}")).await?;
    }
    tx.commit().await?;
    Ok(tenant.id)
}

/// The people of a tenant as COPY writes them.
async fn people_of(behind: &mut PgConnection, tenant: TenantId) -> Outcome<Vec<Bytes>> {
    let select =
        format!("COPY (SELECT * FROM members.person WHERE tenant_id = '{}') TO STDOUT", tenant.uuid());
    let chunks: Vec<Bytes> = behind.copy_out_raw(&select).await?.try_collect().await?;
    Ok(chunks.chunks(1000).map(|lines| Bytes::from(lines.concat())).collect())
}

/// Writes them into a fresh table and takes the time.
async fn copy(behind: &mut PgConnection, including: &str, people: &[Bytes]) -> Outcome<Duration> {
    let create = format!(
        "DROP TABLE IF EXISTS public.plain; CREATE TABLE public.plain (LIKE members.person {including})"
    );
    sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut *behind).await?;
    let began = Instant::now();
    let mut copy = behind.copy_in_raw("COPY public.plain FROM STDIN").await?;
    for lines in people {
        copy.send(lines.as_ref()).await?;
    }
    copy.finish().await?;
    Ok(began.elapsed())
}

/// The import without a database.
fn judge_only(register: &[u8]) -> Outcome<Duration> {
    let began = Instant::now();
    let table = Table::read(register, "register.csv", &Limits::default())?;
    let layout = Layout::find(&table)?;
    let mut known: Register<(), ()> = Register::new();
    (1..=40).for_each(|number| known.add_unit(&format!("ППО № {number}"), ()));
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).ok_or("a date")?;
    let report = Import::new(&table, &layout, known, today)?.finish();
    assert!(report.accepted > 0);
    Ok(began.elapsed())
}

/// What this process had in memory at the most (`VmHWM`, proc_pid_status(5)).
fn peak_memory_mib() -> Outcome<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM here")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse::<u64>()? >> 10)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn round_to_ms(time: Duration) -> f64 {
    (time.as_secs_f64() * 1000.0).round() / 1000.0
}

fn say(line: &str) {
    // Who closed the pipe wants to hear no more.
    let _ = writeln!(std::io::stdout(), "{line}");
}
