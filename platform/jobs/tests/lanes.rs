//! Jobs that take hours, beside those that somebody waits for; against a real database.

use std::sync::Arc;

use plenum_authz::{Permission, Viewer};
use plenum_db::Access;
use plenum_jobs::{Job, Worker, enqueue};
use serde::{Deserialize, Serialize};
use testkit::World;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

const WRITE: Permission = Permission::new("test.write");

#[derive(Serialize, Deserialize)]
struct Slow;

impl Job for Slow {
    const KIND: &'static str = "test.slow";
}

#[derive(Serialize, Deserialize)]
struct Quick;

impl Job for Quick {
    const KIND: &'static str = "test.quick";
}

#[tokio::test]
async fn what_takes_long_holds_up_nobody() {
    let world = World::builder().build().await;
    let tenant = world.tenant("alpha", &["ППО № 1"]).await;
    let (begun, quick, goes_on) =
        (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let (begins, waits, done) = (begun.clone(), goes_on.clone(), quick.clone());
    let worker = Worker::new(world.db.clone(), "test")
        .handle_slowly(move |_, Slow| {
            let (begins, waits) = (begins.clone(), waits.clone());
            async move {
                begins.add_permits(1);
                waits.acquire().await.expect("open").forget();
                Ok(())
            }
        })
        .handle(move |_, Quick| {
            let done = done.clone();
            async move {
                done.add_permits(1);
                Ok(())
            }
        });
    let stop = CancellationToken::new();
    let working = tokio::spawn(worker.run(stop.clone()));

    let system = Viewer::system(tenant.id, "test");
    let mut tx = world.db.tenant(&system, WRITE, Access::Write).await.expect("a transaction opens");
    for _ in 0..2 {
        enqueue(&mut tx, &Slow).await.expect("enqueued");
    }
    enqueue(&mut tx, &Quick).await.expect("enqueued");
    tx.commit().await.expect("committed");

    begun.acquire().await.expect("open").forget();
    // Done while the slow one, which came first, goes on.
    quick.acquire().await.expect("open").forget();
    // One after the other.
    assert_eq!(begun.available_permits(), 0);
    goes_on.add_permits(1);
    begun.acquire().await.expect("open").forget();
    goes_on.add_permits(1);
    stop.cancel();
    working.await.expect("no panic").expect("it worked");
}
