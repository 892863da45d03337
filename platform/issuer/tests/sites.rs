//! Sites and keys, as an operator keeps them.

use plenum_issuer::{ClientError, NewClient, add, all, describe, remove, rotate};
use testkit::World;

fn site(id: &str) -> NewClient {
    NewClient {
        id: id.to_owned(),
        name: "Портал".to_owned(),
        redirect_uris: vec!["https://site.example/back".to_owned()],
        logout_uris: Vec::new(),
        public: false,
        es256: false,
        tells_organizations: false,
    }
}

#[tokio::test]
async fn a_site_is_registered_once_and_its_secret_is_told_once() {
    let world = World::builder().build().await;
    let secret = add(&world.db, site("portal")).await.expect("registered").expect("a secret");
    let known = all(&world.db).await.expect("a list");
    assert_eq!(known.len(), 1);
    assert!(!format!("{known:?}{}", describe(&known[0])).contains(&secret));
    let taken = add(&world.db, site("portal")).await.expect_err("taken");
    assert!(matches!(taken, ClientError::Taken(_)), "{taken}");
    let public = NewClient { public: true, ..site("app") };
    assert_eq!(add(&world.db, public).await.expect("registered"), None);

    remove(&world.db, "portal").await.expect("removed");
    let gone = remove(&world.db, "portal").await.expect_err("gone");
    assert!(matches!(gone, ClientError::Unknown(_)), "{gone}");
    assert_eq!(all(&world.db).await.expect("a list").len(), 1);
}

#[tokio::test]
async fn a_site_that_cannot_be_registered_leaves_nothing() {
    let world = World::builder().build().await;
    let back = |uri: &str| vec![uri.to_owned()];
    for wrong in [
        site(""),
        site("a b"),
        site("ы"),
        NewClient { name: " ".to_owned(), ..site("portal") },
        NewClient { redirect_uris: Vec::new(), ..site("portal") },
        NewClient { redirect_uris: back("http://site.example/"), ..site("portal") },
        NewClient { redirect_uris: back("https://*.example/"), ..site("portal") },
        NewClient { logout_uris: back("javascript:alert(1)"), ..site("portal") },
    ] {
        assert!(add(&world.db, wrong.clone()).await.is_err(), "{wrong:?}");
    }
    assert!(all(&world.db).await.expect("a list").is_empty());
}

#[tokio::test]
async fn a_rotation_makes_a_key_of_each_algorithm() {
    let world = World::builder().build().await;
    let first = rotate(&world.db).await.expect("keys");
    let second = rotate(&world.db).await.expect("keys");
    assert_eq!((first.len(), second.len()), (2, 2));
    assert!(first.iter().all(|name| !second.contains(name)));
    let mut tx = world.db.global(None).await.expect("a transaction opens");
    let kept: Vec<(String, bool, Vec<u8>)> = sqlx::query_as(
        "SELECT algorithm, retired_at IS NULL, sealed_key FROM issuer.signing_key ORDER BY created_at, algorithm",
    )
    .fetch_all(tx.conn())
    .await
    .expect("rows");
    let signing: Vec<&str> =
        kept.iter().filter(|(_, signs, _)| *signs).map(|(name, ..)| name.as_str()).collect();
    assert_eq!((kept.len(), signing), (4, vec!["ES256", "RS256"]));
}
