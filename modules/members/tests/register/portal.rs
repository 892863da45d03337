//! The member's own: invitation, record, corrections, consent, card.

use plenum_identity::{
    store::{accounts, resets},
    token,
};
use serde_json::{Value, json};

use crate::{Office, history, kinds};

const ASK: &str = "mutation($input: RequestCorrectionInput!) { requestCorrection(input: $input) {
    status correction { id state note changes { field old new } member { fullName } } } }";
const APPROVE: &str = "mutation($id: ID!) { approveCorrection(correction: $id) {
    status correction { state decidedBy reason member { phone workplace } } } }";
const REJECT: &str =
    "mutation($id: ID!, $reason: String!) { rejectCorrection(correction: $id, reason: $reason) {
    status correction { state decidedBy reason } } }";
const VERIFY: &str = "query($token: String!) { verifyCard(token: $token) { valid fullName organization } }";

fn id_of(answer: &Value) -> Value {
    answer["requestCorrection"]["correction"]["id"].clone()
}

#[tokio::test]
async fn an_invited_member_gets_a_letter_and_sees_the_own_record_alone() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    office.add(&keeper, json!({ "surname": "Чужая" })).await;
    let (id, anna) = office.anna(&keeper, json!({})).await;
    office.work().await;
    let letters = office.outbox().list(50, None).await.unwrap();
    assert_eq!(letters.len(), 1);
    let letter = office.outbox().read(&letters[0].id).await.unwrap().unwrap();
    assert!(letter.text.contains("https://plenum.example/reset-password?token="), "{}", letter.text);

    let query = "{ myRecord { id fullName unit { name } offices { kind } consents { act } viewerCan { edit }
        history { nodes { kind } } corrections { nodes { id } } } }";
    let own = office.get(&anna, query, json!({})).await["myRecord"].clone();
    assert_eq!((&own["id"], &own["fullName"]), (&json!(id), &json!("Орлова Анна Ильинична")));
    assert_eq!(own["viewerCan"], json!({ "edit": false }));
    assert_eq!(
        own["history"]["nodes"],
        json!([{ "kind": "INVITED" }, { "kind": "ACCOUNT_LINKED" }, { "kind": "ADDED" }])
    );
    // The register stays closed.
    for query in [
        "{ members { nodes { id } } }",
        "{ corrections { nodes { id } } }",
        "{ memberTransfers { nodes { id } } }",
    ] {
        assert_eq!(office.refusal(Some(&anna), query, json!({})).await.0, "FORBIDDEN", "{query}");
    }
    // Whoever has no record sees none.
    let stranger = office.world.viewer(&office.tenant, "member").await;
    let nothing = office.get(&stranger, "{ myRecord { id } myCard { valid } }", json!({})).await;
    assert_eq!(nothing, json!({ "myRecord": null, "myCard": null }));
}

#[tokio::test]
async fn an_invitation_needs_an_address_of_ones_own() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let invite = "mutation($id: ID!) { inviteMember(member: $id) { status } }";
    let status = async |id: &str| {
        office.get(&keeper, invite, json!({ "id": id })).await["inviteMember"]["status"].clone()
    };
    let nameless = office.add(&keeper, json!({})).await;
    assert_eq!(status(&nameless).await, "NO_EMAIL");
    let one = office.add(&keeper, json!({ "givenName": "Вера", "email": "both@example.org" })).await;
    let other = office.add(&keeper, json!({ "givenName": "Ольга", "email": "BOTH@example.org" })).await;
    assert_eq!(status(&one).await, "EMAIL_SHARED");
    let query = "mutation($input: UpdateMemberInput!) { updateMember(input: $input) { status } }";
    office.get(&keeper, query, json!({ "input": { "member": other, "email": null } })).await;
    assert_eq!(status(&one).await, "OK");
    // Again: one account, one more letter.
    assert_eq!(status(&one).await, "OK");
    office.work().await;
    assert_eq!(office.outbox().list(50, None).await.unwrap().len(), 2);
    // Another record gets the address of an account that is taken.
    office.get(&keeper, query, json!({ "input": { "member": one, "email": "new@example.org" } })).await;
    office.get(&keeper, query, json!({ "input": { "member": other, "email": "both@example.org" } })).await;
    assert_eq!(status(&other).await, "ACCOUNT_TAKEN");
}

#[tokio::test]
async fn an_invitation_that_was_used_is_not_worth_anything_again() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let member = office.add(&keeper, json!({ "email": "vera@example.org" })).await;
    let invite = "mutation($id: ID!) { inviteMember(member: $id) { status } }";
    office.get(&keeper, invite, json!({ "id": member })).await;
    office.work().await;
    let letters = async || {
        let mut texts = Vec::new();
        for line in office.outbox().list(50, None).await.unwrap() {
            texts.push(office.outbox().read(&line.id).await.unwrap().unwrap().text);
        }
        texts
    };
    let link = |text: &String| -> Option<String> {
        let (_, rest) = text.split_once("/reset-password?token=")?;
        Some(rest.chars().take_while(char::is_ascii_alphanumeric).collect())
    };
    let texts = letters().await;
    let secret = texts.iter().find_map(link).expect("a link");
    let take = async || {
        let mut tx = office.world.db.global(None).await.unwrap();
        let account = resets::take(&mut tx, &token::hash(&secret)).await.unwrap();
        if let Some(account) = account {
            accounts::set_password(tx.conn(), account, "a hash").await.unwrap();
        }
        tx.commit().await.unwrap();
        account
    };
    assert!(take().await.is_some());
    assert_eq!(take().await, None);
    // Whoever has a password is invited without a link for one, and the first stays used.
    office.get(&keeper, invite, json!({ "id": member })).await;
    office.work().await;
    let texts = letters().await;
    assert_eq!((texts.len(), texts.iter().filter_map(link).count()), (2, 1));
    assert_eq!(take().await, None);
}

#[tokio::test]
async fn a_correction_changes_nothing_until_it_is_approved() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let (id, anna) = office.anna(&keeper, json!({ "workplace": "Школа № 1" })).await;
    let input = json!({ "phone": "8 900 111 22 33", "workplace": null, "note": " переехала " });
    let asked = office.get(&anna, ASK, json!({ "input": input })).await;
    assert_eq!(asked["requestCorrection"]["status"], "OK");
    assert_eq!(
        asked["requestCorrection"]["correction"],
        json!({ "id": id_of(&asked), "state": "PENDING", "note": "переехала",
            "member": { "fullName": "Орлова Анна Ильинична" }, "changes": [
                { "field": "PHONE", "old": null, "new": "+79001112233" },
                { "field": "WORKPLACE", "old": "Школа № 1", "new": null },
            ] })
    );
    let again = office.get(&anna, ASK, json!({ "input": { "position": "учитель" } })).await;
    assert_eq!(again["requestCorrection"]["status"], "ALREADY_PENDING");
    assert_eq!(id_of(&again), id_of(&asked));
    let waiting = office
        .get(
            &keeper,
            "{ correctionCount corrections(state: PENDING) { nodes { id member { phone } } } }",
            json!({}),
        )
        .await;
    assert_eq!(
        waiting,
        json!({ "correctionCount": 1, "corrections": { "nodes": [{ "id": id_of(&asked), "member": { "phone": null } }] } })
    );
    let refused = office.refusal(Some(&anna), APPROVE, json!({ "id": id_of(&asked) })).await;
    assert_eq!(refused.0, "FORBIDDEN");
    let approved = office.get(&keeper, APPROVE, json!({ "id": id_of(&asked) })).await;
    assert_eq!(
        approved["approveCorrection"],
        json!({ "status": "OK", "correction": { "state": "APPROVED", "decidedBy": "Анна Хранитель",
            "reason": null, "member": { "phone": "+79001112233", "workplace": null } } })
    );
    let twice = office.get(&keeper, APPROVE, json!({ "id": id_of(&asked) })).await;
    assert_eq!(twice["approveCorrection"]["status"], "ALREADY_DECIDED");
    assert_eq!(
        kinds(&office, &keeper, &id).await,
        ["CORRECTION_APPROVED", "CORRECTION_REQUESTED", "INVITED", "ACCOUNT_LINKED", "ADDED"]
    );
    office.work().await;
    let letters = office.outbox().list(50, None).await.unwrap();
    assert!(letters.iter().any(|letter| letter.subject == "Ваши данные исправлены"), "{letters:?}");
}

#[tokio::test]
async fn a_rejected_correction_is_told_with_its_reason() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let (id, anna) = office.anna(&keeper, json!({})).await;
    let asked = office.get(&anna, ASK, json!({ "input": { "surname": "Княжна" } })).await;
    let with = |reason: &str| json!({ "id": id_of(&asked), "reason": reason });
    for reason in [" ", "", &"я".repeat(1001)] {
        assert_eq!(office.refusal(Some(&keeper), REJECT, with(reason)).await.0, "INVALID");
    }
    let rejected = office.get(&keeper, REJECT, with("Нужна копия паспорта")).await;
    assert_eq!(
        rejected["rejectCorrection"],
        json!({ "status": "OK", "correction": {
            "state": "REJECTED", "decidedBy": "Анна Хранитель", "reason": "Нужна копия паспорта" } })
    );
    assert_eq!(
        office.get(&keeper, REJECT, with("ещё раз")).await["rejectCorrection"]["status"],
        "ALREADY_DECIDED"
    );
    let own =
        office.get(&anna, "{ myRecord { surname corrections { nodes { state reason } } } }", json!({})).await;
    assert_eq!(
        own["myRecord"],
        json!({ "surname": "Орлова", "corrections": { "nodes": [
            { "state": "REJECTED", "reason": "Нужна копия паспорта" }] } })
    );
    let told = history(&office, &keeper, &id, "kind reason").await;
    assert_eq!(told[0], json!({ "kind": "CORRECTION_REJECTED", "reason": "Нужна копия паспорта" }));
    office.work().await;
    let letters = office.outbox().list(50, None).await.unwrap();
    let letter = letters.iter().find(|letter| letter.subject == "Исправление данных отклонено").unwrap();
    let letter = office.outbox().read(&letter.id).await.unwrap().unwrap();
    assert!(letter.text.contains("Нужна копия паспорта"));
}

#[tokio::test]
async fn a_correction_is_checked_like_a_card() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let (_, anna) = office.anna(&keeper, json!({})).await;
    for input in [json!({ "email": "нет" }), json!({ "surname": null }), json!({ "note": "я".repeat(1001) })]
    {
        assert_eq!(office.refusal(Some(&anna), ASK, json!({ "input": input })).await.0, "INVALID");
    }
    let same = office.get(&anna, ASK, json!({ "input": { "surname": "орлова" } })).await;
    assert_eq!(same["requestCorrection"], json!({ "status": "UNCHANGED", "correction": null }));
    let stranger = office.world.viewer(&office.tenant, "member").await;
    let nobody = office.get(&stranger, ASK, json!({ "input": { "surname": "Орлова" } })).await;
    assert_eq!(nobody["requestCorrection"]["status"], "NO_RECORD");
    // Another record came to be what this one would become.
    office.add(&keeper, json!({ "givenName": "Вера" })).await;
    let asked = office.get(&anna, ASK, json!({ "input": { "givenName": "Вера" } })).await;
    let twin = office.get(&keeper, APPROVE, json!({ "id": id_of(&asked) })).await;
    assert_eq!(twin["approveCorrection"]["status"], "DUPLICATE");
}

#[tokio::test]
async fn a_member_gives_and_withdraws_consent() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let (_, anna) = office.anna(&keeper, json!({})).await;
    let text =
        office.get(&anna, "{ consentText { version title text } }", json!({})).await["consentText"].clone();
    assert!(text["text"].as_str().unwrap().contains("Профсоюз"), "{text}");
    let give = "mutation($version: String!) { giveConsent(textVersion: $version) { status member { consentState } } }";
    let withdraw = "mutation { withdrawConsent { status member { consentState consents { act source } } } }";
    let version = json!({ "version": text["version"] });
    assert_eq!(office.get(&anna, withdraw, json!({})).await["withdrawConsent"]["status"], "UNCHANGED");
    let given = office.get(&anna, give, version.clone()).await;
    assert_eq!(given["giveConsent"], json!({ "status": "OK", "member": { "consentState": "GIVEN" } }));
    assert_eq!(office.get(&anna, give, version).await["giveConsent"]["status"], "UNCHANGED");
    let old = office.refusal(Some(&anna), give, json!({ "version": "1999" })).await;
    assert_eq!(old, ("CONFLICT".to_owned(), "consent_text".to_owned()));
    let withdrawn = office.get(&anna, withdraw, json!({})).await;
    assert_eq!(
        withdrawn["withdrawConsent"],
        json!({ "status": "OK", "member": { "consentState": "REFUSED", "consents": [
            { "act": "WITHDRAWN", "source": "PORTAL" }, { "act": "GIVEN", "source": "PORTAL" }] } })
    );
}

#[tokio::test]
async fn anybody_can_check_a_card_and_learns_name_and_organization_only() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let (id, anna) = office.anna(&keeper, json!({ "cardNumber": "77-1" })).await;
    let query = "{ myCard { fullName organization unit cardNumber issuedOn verifyUrl qrSvg valid } }";
    let card = office.get(&anna, query, json!({})).await["myCard"].clone();
    assert_eq!(
        (&card["cardNumber"], &card["unit"], &card["valid"]),
        (&json!("77-1"), &json!("ППО № 1"), &json!(true))
    );
    assert!(card["qrSvg"].as_str().unwrap().contains("<svg"), "{card}");
    let url = card["verifyUrl"].as_str().unwrap();
    let token = url.strip_prefix("https://plenum.example/verify/card/").unwrap().to_owned();
    let check = async |token: &str| {
        let answer = office.ask(None, VERIFY, json!({ "token": token })).await;
        assert_eq!(answer.get("errors"), None, "{answer}");
        answer["data"]["verifyCard"].clone()
    };
    let valid = json!({ "valid": true, "fullName": "Орлова Анна Ильинична", "organization": "Профсоюз" });
    let void = json!({ "valid": false, "fullName": null, "organization": null });
    assert_eq!(check(&token).await, valid);
    let other_tenant = token.replacen("register", "other-register", 1);
    for wrong in ["", "a.b.c", &token[1..], &format!("{token}A"), &other_tenant] {
        assert_eq!(check(wrong).await, void, "{wrong}");
    }
    // Made anew, the old one is void.
    office.get(&keeper, "mutation($id: ID!) { reissueCard(member: $id) { id } }", json!({ "id": id })).await;
    assert_eq!(check(&token).await, void);
    let anew = office.get(&anna, query, json!({})).await["myCard"]["verifyUrl"].clone();
    let anew = anew.as_str().unwrap().strip_prefix("https://plenum.example/verify/card/").unwrap().to_owned();
    assert_eq!(check(&anew).await, valid);
    // Who left has no valid card.
    crate::transfers::carry_over(&office, &keeper, &id).await;
    assert_eq!(check(&anew).await, void);
}

#[tokio::test]
async fn a_card_is_printed_as_a_pdf() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let (_, anna) = office.anna(&keeper, json!({})).await;
    let print = "mutation { printMyCard { status file { id name contentType sizeBytes } } }";
    let printed = office.get(&anna, print, json!({})).await["printMyCard"].clone();
    assert_eq!(
        (&printed["status"], &printed["file"]["contentType"]),
        (&json!("OK"), &json!("application/pdf"))
    );
    assert!(printed["file"]["sizeBytes"].as_i64().unwrap() > 1000, "{printed}");
    let stranger = office.world.viewer(&office.tenant, "member").await;
    let nobody = office.get(&stranger, print, json!({})).await;
    assert_eq!(nobody["printMyCard"], json!({ "status": "NO_RECORD", "file": null }));
}
