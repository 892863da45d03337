//! Writing campaigns, counting audiences, steps and their refusals.

use chrono::TimeDelta;
use plenum_db::Access;
use plenum_tenancy::store::tenants;
use serde_json::{Value, json};

use crate::{Office, PEOPLE, input, text};

const CREATE: &str = "mutation($input: CampaignInput!) { createCampaign(input: $input) { id } }";

#[tokio::test]
async fn the_count_is_what_is_sent_and_says_who_is_left_out_and_why() {
    let office = Office::open().await;
    office.people(&office.tenant, &PEOPLE).await;
    let list = office.list("Новости").await;
    let query = "query($list: ID!, $audience: MailingAudienceInput!) \
        { audienceCount(list: $list, audience: $audience) { total recipients excluded { reason count } } }";
    let count = office.get(query, json!({ "list": list, "audience": {} })).await;
    assert_eq!(
        count["audienceCount"],
        json!({ "total": 5, "recipients": 2, "excluded": [
            { "reason": "NO_CONSENT", "count": 1 },
            { "reason": "NO_ADDRESS", "count": 1 },
            { "reason": "SAME_ADDRESS", "count": 1 },
        ] })
    );
    let campaign = office.campaign(&list, json!({})).await;
    assert_eq!(office.step("startCampaign", &campaign).await, "OK");
    office.work().await;
    let (state, lines) = office.ledger(&campaign).await;
    assert_eq!((state.as_str(), lines.len()), ("DONE", 2));
    assert!(lines.values().all(|(state, _)| state == "SENT"), "{lines:?}");

    let unit = plenum_kernel::TypedId::global(office.tenant.units[1]);
    let narrow = json!({ "units": [unit], "ageFrom": 40, "ageTo": 60 });
    let count = office.get(query, json!({ "list": list, "audience": narrow })).await;
    assert_eq!(count["audienceCount"]["recipients"], 1);
    let ages = json!({ "ageFrom": 60, "ageTo": 40 });
    let refused = office.refusal(query, json!({ "list": list, "audience": ages })).await;
    assert_eq!(refused, ("INVALID".to_owned(), "input.audience.ageTo out_of_range".to_owned()));
}

#[tokio::test]
async fn an_unknown_field_is_refused_by_its_name() {
    let office = Office::open().await;
    let list = office.list("Новости").await;
    let blocks =
        json!([{ "kind": "PARAGRAPH", "text": "{{имя}}" }, { "kind": "HEADING", "text": "{{стаж}}" }]);
    let refused = office.refusal(CREATE, json!({ "input": input(&list, json!({}), blocks) })).await;
    assert_eq!(refused, ("INVALID".to_owned(), "input.blocks.1.text.{{стаж}} unknown_field".to_owned()));
}

#[tokio::test]
async fn what_is_not_there_is_not_found_whatever_it_is() {
    let office = Office::open().await;
    let list = office.list("Новости").await;
    let foreign = plenum_kernel::TypedId::global(office.tenant.twin().units[0]);
    let nowhere = "0".repeat(32);
    for audience in [
        json!({ "units": [foreign] }),
        json!({ "bodies": [format!("Body_{nowhere}")] }),
        json!({ "course": format!("Course_{nowhere}") }),
        json!({ "units": ["Body_12"] }),
    ] {
        let refused =
            office.refusal(CREATE, json!({ "input": input(&list, audience.clone(), json!([])) })).await;
        assert_eq!(refused.0, "NOT_FOUND", "{audience}");
    }
}

#[tokio::test]
async fn a_picture_is_the_writers_own_and_what_its_bytes_say() {
    let office = Office::open().await;
    let list = office.list("Новости").await;
    let mut ids = Vec::new();
    let stranger = office.world.viewer(&office.tenant, "mailing_editor").await;
    for (viewer, bytes) in [
        (&office.editor, &b"\x89PNG\r\n\x1a\n..."[..]),
        (&office.editor, &b"<svg onload=alert(1)>"[..]),
        (&stranger, &b"\x89PNG\r\n\x1a\n..."[..]),
    ] {
        let db = &office.world.db;
        let mut tx = db.tenant(viewer, plenum_files::permissions::UPLOAD, Access::Write).await.unwrap();
        let file =
            office.world.files.keep(&mut tx, "a.png", "image/png", bytes.to_vec().into()).await.unwrap();
        tx.commit().await.unwrap();
        ids.push(file.id.to_string());
    }
    let input = |file: &str| json!({ "input": input(&list, json!({}), json!([{ "kind": "IMAGE", "file": file, "alt": "Зал" }])) });
    assert_eq!(
        office.refusal(CREATE, input(&ids[1])).await,
        ("INVALID".to_owned(), "input.blocks.0.file not_an_image".to_owned())
    );
    assert_eq!(office.refusal(CREATE, input(&ids[2])).await.0, "NOT_FOUND");
    let made = office.get(CREATE, input(&ids[0])).await;
    let preview = "query($id: ID!) { previewCampaign(campaign: $id) { html subject text } }";
    let shown = office.get(preview, json!({ "id": made["createCampaign"]["id"] })).await;
    let shown = &shown["previewCampaign"];
    assert!(text(&shown["html"]).contains("src=\"data:image/png;base64,"), "{shown}");
    assert_eq!(shown["subject"], "Новости для коллеги");
}

#[tokio::test]
async fn a_campaign_is_written_only_as_a_draft_and_steps_are_taken_in_order() {
    let office = Office::open().await;
    office.people(&office.tenant, &PEOPLE).await;
    let list = office.list("Новости").await;
    let nobody = plenum_kernel::TypedId::global(plenum_members_api::MemberId::new());
    let empty = office.campaign(&list, json!({ "members": [nobody] })).await;
    assert_eq!(office.step("startCampaign", &empty).await, "NO_RECIPIENTS");
    let blank = office.get(CREATE, json!({ "input": input(&list, json!({}), json!([])) })).await;
    assert_eq!(office.step("startCampaign", &text(&blank["createCampaign"]["id"])).await, "INCOMPLETE");

    let campaign = office.campaign(&list, json!({})).await;
    assert_eq!(office.step("pauseCampaign", &campaign).await, "WRONG_STATE");
    assert_eq!(office.step("startCampaign", &campaign).await, "OK");
    assert_eq!(office.step("startCampaign", &campaign).await, "WRONG_STATE");
    let update =
        "mutation($id: ID!, $input: CampaignInput!) { updateCampaign(campaign: $id, input: $input) { id } }";
    let again = json!({ "id": campaign, "input": input(&list, json!({}), json!([])) });
    assert_eq!(office.refusal(update, again).await, ("CONFLICT".to_owned(), "not_draft".to_owned()));
    assert_eq!(office.step("pauseCampaign", &campaign).await, "OK");
    assert_eq!(office.step("pauseCampaign", &campaign).await, "OK");
    office.work().await;
    let (state, lines) = office.ledger(&campaign).await;
    assert_eq!((state.as_str(), lines.len()), ("PAUSED", 0));
    assert_eq!(office.step("resumeCampaign", &campaign).await, "OK");
    office.work().await;
    assert_eq!(office.ledger(&campaign).await.0, "DONE");
    assert_eq!(office.step("cancelCampaign", &campaign).await, "WRONG_STATE");
    assert_eq!(office.step("cancelCampaign", &empty).await, "OK");
}

#[tokio::test]
async fn a_scheduled_campaign_begins_at_its_time_and_not_when_called_off() {
    let office = Office::open().await;
    office.people(&office.tenant, &PEOPLE).await;
    let list = office.list("Новости").await;
    let at = plenum_kernel::Clock::now(&*office.world.clock) + TimeDelta::hours(2);
    let schedule = "mutation($id: ID!, $at: DateTime) { startCampaign(campaign: $id, at: $at) { status campaign { state } } }";
    let mut ids = Vec::new();
    for _ in 0..2 {
        let id = office.campaign(&list, json!({})).await;
        let answer: Value = office.get(schedule, json!({ "id": id, "at": at })).await;
        assert_eq!(answer["startCampaign"], json!({ "status": "OK", "campaign": { "state": "SCHEDULED" } }));
        ids.push(id);
    }
    let past = office.get(schedule, json!({ "id": ids[0], "at": at - TimeDelta::days(1) })).await;
    assert_eq!(past["startCampaign"]["status"], "IN_THE_PAST");
    assert_eq!(office.step("cancelCampaign", &ids[1]).await, "OK");
    office.work().await;
    assert_eq!(office.ledger(&ids[0]).await.0, "SCHEDULED");
    office.world.clock.advance(TimeDelta::hours(3));
    office.work().await;
    assert_eq!(office.ledger(&ids[0]).await.0, "DONE");
    let (state, lines) = office.ledger(&ids[1]).await;
    assert_eq!((state.as_str(), lines.len()), ("CANCELLED", 0));
}

#[tokio::test]
async fn a_member_without_the_role_sees_nothing() {
    let office = Office::open().await;
    let member = office.world.viewer(&office.tenant, "member").await;
    let answer = office.ask(Some(&member), "{ campaigns { nodes { id } } }", json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
}

#[tokio::test]
async fn more_letters_than_the_organization_may_send_in_a_day_wait_for_another_day() {
    let office = Office::open().await;
    office.people(&office.tenant, &PEOPLE).await;
    let list = office.list("Новости").await;
    let limit = async |letters: Option<i64>| {
        let mut operator = office.world.db.operator("test").await.unwrap();
        let limits = tenants::Limits { letters_daily: letters, ..tenants::Limits::default() };
        tenants::limit(&mut operator, office.tenant.id, limits).await.unwrap();
        operator.commit().await.unwrap();
    };
    let (first, second) = (office.campaign(&list, json!({})).await, office.campaign(&list, json!({})).await);
    limit(Some(1)).await;
    assert_eq!(office.step("startCampaign", &first).await, "OVER_DAILY_LIMIT");
    limit(Some(3)).await;
    assert_eq!(office.step("startCampaign", &first).await, "OK");
    office.work().await;
    // Two of three have left today.
    assert_eq!(office.step("startCampaign", &second).await, "OVER_DAILY_LIMIT");
    office.world.clock.advance(TimeDelta::days(1));
    assert_eq!(office.step("startCampaign", &second).await, "OK");
}
