//! Tenancy as transactions keep it: a tenant is set or nothing is read, and no connection carries one over.

use sqlx::{Connection, PgConnection, Row};
use testkit::World;

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

/// How somebody uses a connection, and leaves it.
#[derive(Debug, Clone, Copy)]
enum Use {
    Commit,
    Rollback,
    Drop,
    /// Given up after so many polls, wherever that is.
    Cancel(usize),
    Panic,
    /// After a statement that failed.
    Fail,
    /// Of no tenant: accounts and the directory.
    Global,
}

/// Whoever gets a connection of the pool finds their own tenant in it, and in a transaction without a tenant none,
/// whatever those before did with it: for two connections and many who use them at once.
#[test]
fn a_connection_of_the_pool_never_carries_a_tenant_over() {
    use proptest::prelude::*;

    let manner = prop_oneof![
        Just(Use::Commit),
        Just(Use::Rollback),
        Just(Use::Drop),
        (0_usize..12).prop_map(Use::Cancel),
        Just(Use::Panic),
        Just(Use::Fail),
        Just(Use::Global),
    ];
    let uses = proptest::collection::vec((0_usize..5, manner), 1..40);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let (world, db, viewers) = runtime.block_on(async {
        let world = World::builder().build().await;
        let urls = plenum_db::DbUrls { app: world.database().url(plenum_embedded::APP), operator: None };
        let policy = world.db.policy().clone();
        let db = plenum_db::Db::connect(&urls, 2, world.clock.clone(), policy).await.expect("connected");
        let mut viewers = Vec::new();
        for slug in ["one", "two", "three", "four", "five"] {
            let tenant = world.tenant(slug, &[]).await;
            viewers.push(world.viewer(&tenant, "member").await);
        }
        (world, db, viewers)
    });
    let config = ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(uses in uses)| {
        runtime.block_on(async {
            let all = uses.iter().map(|(whose, manner)| {
                let (db, viewer) = (db.clone(), viewers[*whose].clone());
                tokio::spawn(use_connection(db, viewer, *manner))
            });
            for ((_, manner), ended) in uses.iter().zip(futures_util::future::join_all(all).await) {
                match ended {
                    Ok(found) => found.expect("a connection carried a tenant over"),
                    Err(error) => assert!(matches!(manner, Use::Panic) && error.is_panic(), "{error}"),
                }
            }
        });
    });
    drop((db, viewers));
    runtime.block_on(async move { drop(world) });
}

/// Uses a connection in this manner; what was found in it, when that is another's.
async fn use_connection(db: plenum_db::Db, viewer: plenum_authz::Viewer, manner: Use) -> Result<(), String> {
    use futures_util::poll;
    use plenum_authz::Permission;
    use plenum_db::Access;
    use plenum_kernel::TypedId;

    const PROBE: Permission = Permission::new("tenancy.view");
    let expected = (
        viewer.tenant.uuid().to_string(),
        viewer.account().map(|account| account.uuid().to_string()).unwrap_or_default(),
    );
    if let Use::Global = manner {
        let mut tx = db.global(None).await.expect("a transaction opens");
        let found = settings(tx.conn()).await;
        return if found == (String::new(), String::new()) { Ok(()) } else { Err(format!("{found:?}")) };
    }
    let work = async {
        let mut tx = db.tenant(&viewer, PROBE, Access::Write).await.expect("a transaction opens");
        let found = settings(tx.conn()).await;
        if found != expected {
            return Err(format!("{found:?} instead of {expected:?}"));
        }
        match manner {
            Use::Commit => tx.commit().await.expect("committed"),
            Use::Rollback => tx.rollback().await.expect("rolled back"),
            // Past the hook that would print it.
            Use::Panic => std::panic::resume_unwind(Box::new("as it was meant to")),
            Use::Fail => {
                let failed = sqlx::query("SELECT 1 / 0").execute(tx.conn()).await;
                assert!(failed.is_err());
            }
            Use::Drop | Use::Cancel(_) | Use::Global => {}
        }
        Ok(())
    };
    let Use::Cancel(polls) = manner else { return work.await };
    let mut work = Box::pin(work);
    for _ in 0..polls {
        if let std::task::Poll::Ready(found) = poll!(work.as_mut()) {
            return found;
        }
        tokio::task::yield_now().await;
    }
    Ok(())
}

/// The tenant and the account that the connection knows.
async fn settings(connection: &mut PgConnection) -> (String, String) {
    let row = sqlx::query(
        "SELECT coalesce(current_setting('plenum.tenant_id', true), ''),
                coalesce(current_setting('plenum.account_id', true), '')",
    )
    .fetch_one(connection)
    .await
    .expect("the connection answers");
    (row.get(0), row.get(1))
}
