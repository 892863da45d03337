//! Secrets of authenticators: sealed by the vault, those from before it too, and anew after a rotation.

use plenum_identity::{Sealer, reseal, sealing};
use plenum_kernel::{AccountId, TypedId};
use plenum_vault::{Progress, Vault};
use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    hkdf::{HKDF_SHA256, Salt},
};
use serde_json::json;
use sqlx::Row;

use crate::{
    browser::{Office, PASSWORD, SEALER},
    factors::{code, first_step, second_step, set_up},
};

/// As the release before the vault sealed it: AES-256-GCM under a key derived from the installation's secret.
fn sealed_before(account: AccountId, secret: &[u8]) -> Vec<u8> {
    let info: [&[u8]; 1] = [b"plenum identity: secrets of second factors, 1"];
    let derived = Salt::new(HKDF_SHA256, &[]).extract(&SEALER);
    let key = UnboundKey::from(derived.expand(&info, &AES_256_GCM).expect("a key"));
    let (nonce, mut sealed) = ([9; 12], secret.to_vec());
    LessSafeKey::new(key)
        .seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(account.uuid().into_bytes()),
            &mut sealed,
        )
        .expect("sealed");
    [&nonce[..], &sealed].concat()
}

/// What stands in the database: by the vault, and from before it.
async fn stored(office: &Office, account: AccountId) -> (Option<Vec<u8>>, Option<Vec<u8>>) {
    let mut tx = office.world.db.global(None).await.expect("a transaction opens");
    let row = sqlx::query("SELECT secret_sealed, sealed_secret FROM identity.totp WHERE account_id = $1")
        .bind(account.uuid())
        .fetch_one(tx.conn())
        .await
        .expect("the row is there");
    (row.get(0), row.get(1))
}

#[tokio::test]
async fn secrets_from_before_the_vault_work_and_are_sealed_anew_after_a_rotation_too() {
    let office = Office::open().await;
    let (db, sealer) = (&office.world.db, Sealer::new(&SEALER));
    let (id, email) = office.account().await;
    let mut browser = office.browser();
    browser.sign_in(&email, PASSWORD).await;
    let (secret, _) = set_up(&office, &mut browser).await;
    let plain = data_encoding::BASE32_NOPAD.decode(secret.replace(' ', "").as_bytes()).expect("base 32");
    let (sealed, before) = stored(&office, id).await;
    assert!(before.is_none());
    assert!(!sealed.expect("sealed").windows(plain.len()).any(|part| part == plain));

    // The row as the release before left it.
    let mut tx = db.global(None).await.expect("a transaction opens");
    sqlx::query("UPDATE identity.totp SET sealed_secret = $2, secret_sealed = NULL WHERE account_id = $1")
        .bind(id.uuid())
        .bind(sealed_before(id, &plain))
        .execute(tx.conn())
        .await
        .expect("written");
    tx.commit().await.expect("it commits");
    assert_eq!(sealing(db).await.expect("counted"), Progress { rows: 1, behind: 1 });
    let mut other = office.browser();
    let ticket = first_step(&mut other, &email).await;
    let shown = json!({ "code": code(&office, &secret, 0) });
    assert_eq!(second_step(&mut other, &ticket, shown).await, "OK");

    assert_eq!(reseal(db, &sealer).await.expect("sealed"), 1);
    let (sealed, before) = stored(&office, id).await;
    assert!(sealed.is_some() && before.is_none());
    assert_eq!(sealing(db).await.expect("counted"), Progress { rows: 1, behind: 0 });
    assert_eq!(reseal(db, &sealer).await.expect("sealed"), 0, "nothing is left to do");

    db.carried::<Vault>().expect("a vault").rotate(None).await.expect("rotated");
    assert_eq!(sealing(db).await.expect("counted"), Progress { rows: 1, behind: 1 });
    assert_eq!(reseal(db, &sealer).await.expect("sealed"), 1);
    let (renewed, _) = stored(&office, id).await;
    assert_ne!(renewed, sealed);
    let ticket = first_step(&mut other, &email).await;
    let shown = json!({ "code": code(&office, &secret, 1) });
    assert_eq!(second_step(&mut other, &ticket, shown).await, "OK");
}

#[tokio::test]
async fn a_secret_that_does_not_open_stays_behind_and_holds_nobody_up() {
    let office = Office::open().await;
    let (db, sealer) = (&office.world.db, Sealer::new(&SEALER));
    for broken in [true, false] {
        let (id, email) = office.account().await;
        let mut browser = office.browser();
        browser.sign_in(&email, PASSWORD).await;
        let (secret, _) = set_up(&office, &mut browser).await;
        let plain = data_encoding::BASE32_NOPAD.decode(secret.replace(' ', "").as_bytes()).expect("base 32");
        let mut sealed = sealed_before(id, &plain);
        sealed[20] ^= u8::from(broken);
        let mut tx = db.global(None).await.expect("a transaction opens");
        sqlx::query(
            "UPDATE identity.totp SET sealed_secret = $2, secret_sealed = NULL WHERE account_id = $1",
        )
        .bind(id.uuid())
        .bind(sealed)
        .execute(tx.conn())
        .await
        .expect("written");
        tx.commit().await.expect("it commits");
    }
    assert_eq!(reseal(db, &sealer).await.expect("sealed"), 1);
    assert_eq!(sealing(db).await.expect("counted"), Progress { rows: 2, behind: 1 });
}
