//! Members who move to another organization of the federation.

use plenum_authz::{Permission, Viewer};
use plenum_db::Access;
use plenum_kernel::TypedId;
use plenum_tenancy::store::{access, grants, units};
use serde_json::{Value, json};

use crate::{Office, history, kinds};

const REQUEST: &str = "mutation($member: ID!, $tenant: ID!, $note: String) {
    requestTransfer(member: $member, tenant: $tenant, note: $note) { status transfer { id state direction organization } } }";
const LIST: &str = "query($direction: TransferDirection, $open: Boolean) {
    memberTransfers(direction: $direction, open: $open) { nodes {
        id direction state organization memberName birthDate note reason requestedBy member { id } } } }";
const ACCEPT: &str = "mutation($id: ID!, $unit: ID!) { acceptTransfer(transfer: $id, unit: $unit) { status transfer { state } } }";
const REFUSE: &str = "mutation($id: ID!, $reason: String!) { refuseTransfer(transfer: $id, reason: $reason) { status transfer { state } } }";
const CANCEL: &str = "mutation($id: ID!) { cancelTransfer(transfer: $id) { status transfer { state } } }";
const CONSENT: &str = "mutation($input: RecordConsentInput!) { recordConsent(input: $input) { status } }";

/// The keeper of the federation's own register, and its root.
async fn receiver(office: &Office) -> (Viewer, String) {
    const SET_UP: Permission = Permission::new("test.set_up");
    let tenant = office.world.federations()[0];
    let system = Viewer::system(tenant, "test");
    let account = office.world.account("Вторая хранительница").await;
    let mut tx = office.world.db.tenant(&system, SET_UP, Access::Write).await.unwrap();
    let root = units::root(&mut tx).await.unwrap().id;
    access::admit(&mut tx, account).await.unwrap();
    grants::give(&mut tx, account, "register_keeper", grants::Scope { unit: root, inner: None })
        .await
        .unwrap();
    let grants = grants::of_account(&mut tx, account).await.unwrap();
    tx.commit().await.unwrap();
    (Viewer::person(account, tenant, grants), root.global())
}

async fn consent(office: &Office, keeper: &Viewer, id: &str, act: &str) {
    let input = json!({ "member": id, "act": act, "textVersion": "2026", "on": "01.02.2026" });
    office.get(keeper, CONSENT, json!({ "input": input })).await;
}

/// Asks the federation's apparatus to take the member over; gives the transfer's id.
async fn request(office: &Office, keeper: &Viewer, id: &str) -> Value {
    let tenant = office.world.federations()[0].global();
    let asked =
        office.get(keeper, REQUEST, json!({ "member": id, "tenant": tenant, "note": "Переход" })).await;
    assert_eq!(asked["requestTransfer"]["status"], "OK", "{asked}");
    office.work().await;
    asked["requestTransfer"]["transfer"]["id"].clone()
}

/// The whole way to the federation's apparatus.
pub(crate) async fn carry_over(office: &Office, keeper: &Viewer, id: &str) {
    consent(office, keeper, id, "GIVEN").await;
    let transfer = request(office, keeper, id).await;
    let (other, unit) = receiver(office).await;
    let accepted = office.get(&other, ACCEPT, json!({ "id": transfer, "unit": unit })).await;
    assert_eq!(accepted["acceptTransfer"]["status"], "OK", "{accepted}");
    office.work().await;
}

#[tokio::test]
async fn a_member_moves_once_with_the_whole_history_and_leaves_a_closed_record() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let register = "ФИО;Дата рождения;ППО;Выборная должность;№ профбилета\nОрлова Анна Ильинична;01.02.1980;ППО № 1;председатель ППО;77-1\n";
    plenum_members::import_file(&office.world.db, &office.world.files, &keeper, "a.csv", register.into())
        .await
        .unwrap();
    let id =
        office.get(&keeper, "{ members { nodes { id } } }", json!({})).await["members"]["nodes"][0]["id"]
            .clone();
    let id = id.as_str().unwrap();
    let email = json!({ "input": { "member": id, "email": "anna@example.org" } });
    office
        .get(
            &keeper,
            "mutation($input: UpdateMemberInput!) { updateMember(input: $input) { status } }",
            email,
        )
        .await;
    office
        .get(&keeper, "mutation($id: ID!) { inviteMember(member: $id) { status } }", json!({ "id": id }))
        .await;
    consent(&office, &keeper, id, "GIVEN").await;
    let before = kinds(&office, &keeper, id).await;
    let transfer = request(&office, &keeper, id).await;

    let (other, unit) = receiver(&office).await;
    let incoming = office.get(&other, LIST, json!({ "direction": "INCOMING", "open": true })).await;
    assert_eq!(
        incoming["memberTransfers"]["nodes"],
        json!([{ "id": transfer, "direction": "INCOMING", "state": "REQUESTED", "organization": "Профсоюз",
            "memberName": "Орлова Анна Ильинична", "birthDate": "1980-02-01", "note": "Переход", "reason": null,
            "requestedBy": null, "member": null }])
    );
    let accepted = office.get(&other, ACCEPT, json!({ "id": transfer, "unit": unit })).await;
    assert_eq!(accepted["acceptTransfer"], json!({ "status": "OK", "transfer": { "state": "ACCEPTED" } }));
    let twice = office.get(&other, ACCEPT, json!({ "id": transfer, "unit": unit })).await;
    assert_eq!(twice["acceptTransfer"]["status"], "ALREADY_DECIDED");
    office.work().await;

    let query = "{ members { nodes { id fullName cardNumber email hasAccount consentState offices { kind }
        consents { source textVersion } } } }";
    let there = office.get(&other, query, json!({})).await["members"]["nodes"].clone();
    assert_eq!(there.as_array().unwrap().len(), 1);
    let mut shown = there[0].clone();
    let new_id = shown["id"].take();
    assert_eq!(
        shown,
        json!({ "id": null, "fullName": "Орлова Анна Ильинична", "cardNumber": "77-1", "email": "anna@example.org",
            "hasAccount": true, "consentState": "GIVEN", "offices": [],
            "consents": [{ "source": "PAPER", "textVersion": "2026" }] })
    );
    // The history is whole there, and what happened before is told with its place.
    let new_id = new_id.as_str().unwrap();
    let mut expected =
        vec!["ACCOUNT_LINKED".to_owned(), "ARRIVED".to_owned(), "TRANSFER_REQUESTED".to_owned()];
    expected.extend(before.clone());
    let mut found = kinds(&office, &other, new_id).await;
    found.sort();
    let mut sorted = expected.clone();
    sorted.sort();
    assert_eq!(found, sorted);
    let told = history(&office, &other, new_id, "kind organization from subjectLabel").await;
    let of =
        |kind: &str| told.as_array().unwrap().iter().find(|entry| entry["kind"] == kind).unwrap().clone();
    assert_eq!(of("ARRIVED")["from"], "Профсоюз");
    assert_eq!(of("ARRIVED")["organization"], json!(null));
    assert_eq!(
        (&of("IMPORTED")["organization"], &of("IMPORTED")["subjectLabel"]),
        (&json!("Профсоюз"), &json!("a.csv"))
    );

    // Here the record is closed.
    let query = "{ members { nodes { id } } left: members(filter: { states: [LEFT] }) { nodes {
        id state leftOn leftTo hasAccount offices { kind until } viewerCan { edit transfer invite } } } }";
    let here = office.get(&keeper, query, json!({})).await;
    assert_eq!(here["members"]["nodes"], json!([]));
    assert_eq!(
        here["left"]["nodes"][0],
        json!({ "id": id, "state": "LEFT", "leftOn": "2026-11-23", "leftTo": "Федерация", "hasAccount": false,
            "offices": [{ "kind": "CHAIR", "until": "2026-11-23" }],
            "viewerCan": { "edit": false, "transfer": false, "invite": false } })
    );
    let told = history(&office, &keeper, id, "kind to").await;
    assert!(told.as_array().unwrap().contains(&json!({ "kind": "LEFT", "to": "Федерация" })), "{told}");
    let update = json!({ "input": { "member": id, "position": "учитель" } });
    let refused = office
        .refusal(
            Some(&keeper),
            "mutation($input: UpdateMemberInput!) { updateMember(input: $input) { status } }",
            update,
        )
        .await;
    assert_eq!(refused, ("CONFLICT".to_owned(), "member_left".to_owned()));
    // Both sides say that it is done.
    for viewer in [&keeper, &other] {
        let done = office.get(viewer, LIST, json!({})).await;
        assert_eq!(done["memberTransfers"]["nodes"][0]["state"], "DONE");
    }
}

#[tokio::test]
async fn a_member_who_returns_has_one_record_and_one_history() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let id = office.add(&keeper, json!({})).await;
    carry_over(&office, &keeper, &id).await;
    let (other, _) = receiver(&office).await;
    let there =
        office.get(&other, "{ members { nodes { id } } }", json!({})).await["members"]["nodes"][0]["id"]
            .clone();
    let back = json!({ "member": there, "tenant": office.tenant.id.global() });
    let asked = office.get(&other, REQUEST, back).await["requestTransfer"].clone();
    assert_eq!(asked["status"], "OK");
    office.work().await;
    let unit = office.tenant.units[3].to_string();
    let accepted = office.get(&keeper, ACCEPT, json!({ "id": asked["transfer"]["id"], "unit": unit })).await;
    assert_eq!(accepted["acceptTransfer"]["status"], "OK");
    office.work().await;
    let query = "{ members { nodes { id state unit { name } } } }";
    let listed = office.get(&keeper, query, json!({})).await["members"]["nodes"].clone();
    assert_eq!(listed, json!([{ "id": id, "state": "ACTIVE", "unit": { "name": "ППО № 4" } }]));
    let mut told = kinds(&office, &keeper, &id).await;
    told.sort();
    assert_eq!(
        told,
        ["ADDED", "ARRIVED", "ARRIVED", "CONSENT", "LEFT", "TRANSFER_REQUESTED", "TRANSFER_REQUESTED"],
        "each fact once, those of both places"
    );
}

#[tokio::test]
async fn without_consent_nothing_is_asked_and_nothing_is_handed_on() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let id = office.add(&keeper, json!({})).await;
    let federation = office.world.federations()[0].global();
    let ask = json!({ "member": id, "tenant": federation });
    let refused = office.get(&keeper, REQUEST, ask.clone()).await;
    assert_eq!(refused["requestTransfer"], json!({ "status": "NO_CONSENT", "transfer": null }));
    consent(&office, &keeper, &id, "GIVEN").await;
    let transfer = request(&office, &keeper, &id).await;
    let again = office.get(&keeper, REQUEST, ask).await;
    assert_eq!(again["requestTransfer"]["status"], "ALREADY_REQUESTED");
    // Taken back on the way, it stops the transfer on both sides.
    consent(&office, &keeper, &id, "WITHDRAWN").await;
    let (other, unit) = receiver(&office).await;
    office.get(&other, ACCEPT, json!({ "id": transfer, "unit": unit })).await;
    office.work().await;
    for viewer in [&keeper, &other] {
        let listed = office.get(viewer, LIST, json!({})).await["memberTransfers"]["nodes"][0].clone();
        assert_eq!(listed["state"], "REFUSED", "{listed}");
        assert!(listed["reason"].as_str().unwrap().contains("Согласие"), "{listed}");
    }
    assert_eq!(office.rows_of("members.person").await, 1);
}

#[tokio::test]
async fn a_refusal_and_a_cancellation_reach_the_other_side() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let (other, unit) = receiver(&office).await;
    let id = office.add(&keeper, json!({})).await;
    consent(&office, &keeper, &id, "GIVEN").await;
    let first = request(&office, &keeper, &id).await;
    assert_eq!(
        office.refusal(Some(&other), REFUSE, json!({ "id": first, "reason": " " })).await.0,
        "INVALID"
    );
    let refused = office.get(&other, REFUSE, json!({ "id": first, "reason": "Нет мест" })).await;
    assert_eq!(refused["refuseTransfer"], json!({ "status": "OK", "transfer": { "state": "REFUSED" } }));
    office.work().await;
    let told = history(&office, &keeper, &id, "kind to reason").await;
    assert_eq!(told[0], json!({ "kind": "TRANSFER_REFUSED", "to": "Федерация", "reason": "Нет мест" }));

    let second = request(&office, &keeper, &id).await;
    let wrong_side = office
        .refusal(Some(&keeper), ACCEPT, json!({ "id": second, "unit": office.tenant.root.to_string() }))
        .await;
    assert_eq!(wrong_side, ("CONFLICT".to_owned(), "other_side_decides".to_owned()));
    let cancelled = office.get(&keeper, CANCEL, json!({ "id": second })).await;
    assert_eq!(cancelled["cancelTransfer"]["transfer"]["state"], "CANCELLED");
    assert_eq!(
        office.get(&keeper, CANCEL, json!({ "id": second })).await["cancelTransfer"]["status"],
        "ALREADY_DECIDED"
    );
    // Accepted before the news arrived: the side that asked decides.
    let accepted = office.get(&other, ACCEPT, json!({ "id": second, "unit": unit })).await;
    assert_eq!(accepted["acceptTransfer"]["status"], "OK");
    office.work().await;
    office.work().await;
    let listed = office.get(&other, LIST, json!({})).await["memberTransfers"]["nodes"][0].clone();
    assert_eq!((&listed["id"], &listed["state"]), (&second, &json!("CANCELLED")));
    assert_eq!(office.rows_of("members.person").await, 1);
}

#[tokio::test]
async fn only_organizations_of_the_tree_and_their_keepers_take_part() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let id = office.add(&keeper, json!({})).await;
    consent(&office, &keeper, &id, "GIVEN").await;
    let to = |tenant: String| json!({ "member": id, "tenant": tenant });
    let own = office.refusal(Some(&keeper), REQUEST, to(office.tenant.id.global())).await;
    assert_eq!(own.0, "INVALID");
    // The other federation's organization is as far as one that does not exist.
    for stranger in [office.tenant.twin().id, office.world.federations()[1], plenum_kernel::TenantId::new()] {
        assert_eq!(office.refusal(Some(&keeper), REQUEST, to(stranger.global())).await.0, "NOT_FOUND");
    }
    let member = office.world.viewer(&office.tenant, "member").await;
    let federation = office.world.federations()[0].global();
    assert_eq!(office.refusal(Some(&member), REQUEST, to(federation.clone())).await.0, "FORBIDDEN");
    let transfer = request(&office, &keeper, &id).await;
    let neighbour = office.world.viewer(office.tenant.twin(), "administrator").await;
    let unit = office.tenant.twin().units[0].to_string();
    for (query, variables) in [
        (ACCEPT, json!({ "id": transfer, "unit": unit })),
        (REFUSE, json!({ "id": transfer, "reason": "нет" })),
        (CANCEL, json!({ "id": transfer })),
    ] {
        assert_eq!(office.refusal(Some(&neighbour), query, variables).await.0, "NOT_FOUND");
    }
    // Who keeps one unit's register sees no incoming transfers.
    let one = office.world.viewer_in(&office.tenant, "register_keeper", office.tenant.units[1]).await;
    let seen = office.get(&one, LIST, json!({})).await;
    assert_eq!(seen["memberTransfers"]["nodes"], json!([]));
}
