//! Signatures hold for the bytes that were signed, and for no others.

use serde_json::json;
use sqlx::{Connection, PgConnection};

use crate::office::{Office, PASSWORD};

#[tokio::test]
async fn where_there_is_a_second_factor_the_password_alone_does_not_sign() {
    let office = Office::open().await;
    let chair = office.person("member").await;
    let codes = office.add_passkey(&chair).await;
    let document = office.paper("ORDER", "О выплате").await;
    office.route(&document, &[(1, "SIGN", &chair)]).await;
    let step = office.my_step(&chair, &document).await;
    let sign = async |proof: &str| office.sign_by(&chair, &step, proof).await;
    let answer = office.sign(&chair, &step, PASSWORD).await;
    assert_eq!(answer["data"]["signStep"]["status"], "SECOND_FACTOR", "{answer}");
    let answer = sign("recoveryCode: \"AAAA-AAAA-AAAA\"").await;
    assert_eq!(answer["data"]["signStep"]["status"], "WRONG", "{answer}");
    for proof in ["", "password: \"a\", code: \"1\""] {
        let answer = sign(proof).await;
        assert_eq!(answer["errors"][0]["extensions"]["fields"][0]["path"], "proof", "{answer}");
    }
    assert_eq!(office.signatures(&chair, &document).await.as_array().map(Vec::len), Some(0));
    let answer = sign(&format!("recoveryCode: \"{}\"", codes[0])).await;
    assert_eq!(answer["data"]["signStep"]["status"], "OK", "{answer}");
    assert_eq!(office.signatures(&chair, &document).await[0]["valid"], true);
}

#[tokio::test]
async fn one_changed_byte_makes_a_signature_invalid() {
    let office = Office::open().await;
    let chair = office.person("member").await;
    let document = office.paper("ORDER", "О выплате").await;
    office.route(&document, &[(1, "SIGN", &chair)]).await;
    let step = office.my_step(&chair, &document).await;
    let wrong = office.sign(&chair, &step, "another password").await;
    assert_eq!(wrong["data"]["signStep"]["status"], "WRONG", "{wrong}");
    assert_eq!(office.signatures(&chair, &document).await.as_array().map(Vec::len), Some(0));
    let signed = office.sign(&chair, &step, PASSWORD).await;
    assert_eq!(signed["data"]["signStep"]["status"], "OK", "{signed}");
    let signatures = office.signatures(&chair, &document).await;
    assert_eq!(signatures[0]["valid"], true, "{signatures}");

    let sheet = "signatureSheet { name sizeBytes }";
    assert!(office.see(&chair, &document, sheet).await["signatureSheet"].is_null());
    office.work().await;
    assert_eq!(office.see(&chair, &document, sheet).await["signatureSheet"]["name"], "Лист подписей.pdf");

    let folder = office.server.world.objects_of(office.tenant.id);
    let mut changed = 0;
    for entry in std::fs::read_dir(folder).expect("the store can be read") {
        let path = entry.expect("an entry").path();
        let mut bytes = std::fs::read(&path).expect("readable");
        if bytes == "О выплате".as_bytes() {
            bytes[0] ^= 1;
            std::fs::write(&path, &bytes).expect("writable");
            changed += 1;
        }
    }
    assert_eq!(changed, 1);
    let signatures = office.signatures(&chair, &document).await;
    assert_eq!(signatures[0]["valid"], false, "{signatures}");
    assert_eq!(signatures[0]["validity"], "BYTES_CHANGED");
}

#[tokio::test]
async fn a_record_that_is_altered_in_the_database_does_not_hold() {
    let office = Office::open().await;
    let (secretary, chair) = (office.person("member").await, office.person("member").await);
    let document = office.paper("ORDER", "О созыве").await;
    office.route(&document, &[(1, "SIGN", &secretary), (2, "SIGN", &chair)]).await;
    for viewer in [&secretary, &chair] {
        let step = office.my_step(viewer, &document).await;
        assert_eq!(office.sign(viewer, &step, PASSWORD).await["data"]["signStep"]["status"], "OK");
    }
    let mut superuser =
        PgConnection::connect(&office.server.world.database().superuser_url()).await.expect("connected");
    sqlx::query("UPDATE documents.signature SET intent = 'Другое' WHERE ordinal = 1")
        .execute(&mut superuser)
        .await
        .expect("altered");
    let signatures = office.signatures(&chair, &document).await;
    assert_eq!(signatures[0]["validity"], "RECORD_ALTERED");
    assert_eq!(signatures[1]["validity"], "VALID");
    // Taken out of the middle, it is missed by the one after it.
    sqlx::query("DELETE FROM documents.signature WHERE ordinal = 1")
        .execute(&mut superuser)
        .await
        .expect("taken out");
    assert_eq!(office.signatures(&chair, &document).await[0]["validity"], "RECORD_ALTERED");
}

#[tokio::test]
async fn a_signature_taken_from_the_end_is_missed() {
    const REMOVED: &str =
        "signatures { validity } removedSignatures { signer { id } onBehalfOf { id } version }";
    let office = Office::open().await;
    let (secretary, chair) = (office.person("member").await, office.person("member").await);
    let document = office.paper("ORDER", "О премии").await;
    office.route(&document, &[(1, "SIGN", &secretary), (2, "SIGN", &chair)]).await;
    for viewer in [&secretary, &chair] {
        let step = office.my_step(viewer, &document).await;
        assert_eq!(office.sign(viewer, &step, PASSWORD).await["data"]["signStep"]["status"], "OK");
    }
    let seen = office.see(&chair, &document, REMOVED).await;
    assert_eq!(seen["removedSignatures"], json!([]), "{seen}");

    let mut superuser =
        PgConnection::connect(&office.server.world.database().superuser_url()).await.expect("connected");
    let mut take = async |ordinal: i32| {
        let taken = sqlx::query("DELETE FROM documents.signature WHERE ordinal = $1")
            .bind(ordinal)
            .execute(&mut superuser)
            .await
            .expect("taken out");
        assert_eq!(taken.rows_affected(), 1);
    };
    // The last one: the seal of the one before it knows nothing of it.
    take(2).await;
    let gone = |viewer: &plenum_authz::Viewer| {
        let id = viewer.account().expect("a person").to_string();
        json!({ "signer": { "id": id }, "onBehalfOf": null, "version": 1 })
    };
    let seen = office.see(&chair, &document, REMOVED).await;
    assert_eq!(seen["signatures"], json!([{ "validity": "VALID" }]));
    assert_eq!(seen["removedSignatures"], json!([gone(&chair)]));
    // All of them: nothing is left that could be broken, and they are missed all the same.
    take(1).await;
    let seen = office.see(&chair, &document, REMOVED).await;
    assert_eq!(seen["signatures"], json!([]));
    assert_eq!(seen["removedSignatures"], json!([gone(&secretary), gone(&chair)]));
    // Another's papers are not concerned.
    let other = office.paper("ORDER", "О другом").await;
    let seen = office.see(&office.clerk, &other, REMOVED).await;
    assert_eq!(seen["removedSignatures"], json!([]));
}

#[tokio::test]
async fn a_signature_does_not_apply_to_a_later_version() {
    let office = Office::open().await;
    let chair = office.person("member").await;
    let document = office.paper("ORDER", "О графике").await;
    office.route(&document, &[(1, "SIGN", &chair)]).await;
    let step = office.my_step(&chair, &document).await;
    office.sign(&chair, &step, PASSWORD).await;
    assert_eq!(office.signatures(&chair, &document).await[0]["appliesToLatest"], true);
    let file = office.upload(&office.clerk, "b.txt", "text/plain", b"second").await;
    let added = office.add_version(&office.clerk, &document, &file).await;
    assert_eq!(added["data"]["addVersion"]["state"], "DRAFT", "{added}");
    let signatures = office.signatures(&chair, &document).await;
    assert_eq!(signatures[0]["appliesToLatest"], false);
    assert_eq!(signatures[0]["valid"], true, "it still holds for the version that was signed");
    let seen = office.see(&chair, &document, "history { what }").await;
    assert!(seen.to_string().contains("signatures_do_not_apply"), "{seen}");
}

#[tokio::test]
async fn guessing_a_password_while_signing_costs_waiting() {
    let office = Office::open().await;
    let chair = office.person("member").await;
    let document = office.paper("ORDER", "О проверке").await;
    office.route(&document, &[(1, "SIGN", &chair)]).await;
    let step = office.my_step(&chair, &document).await;
    for _ in 0..5 {
        assert_eq!(office.sign(&chair, &step, "a guess").await["data"]["signStep"]["status"], "WRONG");
    }
    let refused = office.sign(&chair, &step, PASSWORD).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "RATE_LIMITED", "{refused}");
    office.server.world.clock.advance(chrono::TimeDelta::seconds(10));
    assert_eq!(office.sign(&chair, &step, PASSWORD).await["data"]["signStep"]["status"], "OK");
}
