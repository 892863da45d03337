//! The world itself.

use plenum_tenancy::store::units;
use testkit::World;

#[tokio::test]
async fn a_world_has_twins_that_do_not_see_each_other() {
    let world = World::builder().build().await;
    let tenant = world.tenant("builders", &["ППО № 1", "ППО № 2"]).await;
    let viewer = world.viewer(&tenant, "register_keeper").await;
    assert_eq!(viewer.grants.len(), 1);

    let mut ours = world.system(&tenant).await;
    assert_eq!(units::count(&mut ours).await.unwrap(), 2);
    assert!(units::by_id(&mut ours, tenant.units[0]).await.unwrap().is_some());
    assert!(units::by_id(&mut ours, tenant.twin().units[0]).await.unwrap().is_none());
}

#[tokio::test]
async fn each_world_has_a_database_of_its_own() {
    let (one, two) = (World::builder().build().await, World::builder().build().await);
    one.tenant("miners", &[]).await;
    // The slug is taken there, not here.
    two.tenant("miners", &[]).await;
}
