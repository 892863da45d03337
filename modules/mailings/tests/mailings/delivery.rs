//! Letters leave through real conversations with a mail server.

use std::collections::HashSet;

use chrono::TimeDelta;
use plenum_mail::{Report, ReportAction};
use plenum_mailings::Recorded;
use serde_json::json;

use crate::{
    Office,
    smtp::{Answer, Sink},
    text,
};

fn answers(address: &str) -> Answer {
    match address.split('@').next().unwrap_or_default() {
        "nobody" => Answer::Recipient("550 5.1.1 no such user"),
        "full" => Answer::Recipient("552 5.2.2 mailbox full"),
        "later" => Answer::Recipient("450 4.2.1 greylisted"),
        "silent" => Answer::HangUp,
        _ => Answer::Take,
    }
}

#[tokio::test]
async fn every_answer_of_a_mail_server_is_recorded_and_none_stops_the_others() {
    let sink = Sink::start(answers).await;
    let office = Office::with(Some(&sink.url), None).await;
    let people = [
        ("Белова Анна Ивановна", "ППО № 1", "anna@example.org", "да"),
        ("Гусев Пётр Олегович", "ППО № 1", "nobody@example.org", "да"),
        ("Ершова Ольга Львовна", "ППО № 1", "full@example.org", "да"),
        ("Зуев Иван Ильич", "ППО № 1", "later@example.org", "да"),
        ("Котов Олег Петрович", "ППО № 1", "silent@example.org", "да"),
    ];
    office.people(&office.tenant, &people).await;
    let list = office.list("Новости").await;
    let campaign = office.campaign(&list, json!({})).await;
    assert_eq!(office.step("startCampaign", &campaign).await, "OK");
    office.work().await;
    let (state, lines) = office.ledger(&campaign).await;
    assert_eq!(state, "SENDING");
    let line = |address: &str| lines[&format!("{address}@example.org")].clone();
    assert_eq!(line("anna").0, "SENT");
    assert_eq!(line("nobody"), ("BOUNCED".to_owned(), "550 5.1.1 no such user".to_owned()));
    assert_eq!(line("full"), ("BOUNCED".to_owned(), "552 5.2.2 mailbox full".to_owned()));
    assert_eq!(line("later"), ("PENDING".to_owned(), "450 4.2.1 greylisted".to_owned()));
    assert_eq!(line("silent").0, "UNCERTAIN");

    // It is tried again with pauses, six times in all, and nobody else is.
    for _ in 0..40 {
        office.world.clock.advance(TimeDelta::hours(1));
        office.work().await;
    }
    let (state, lines) = office.ledger(&campaign).await;
    assert_eq!((state.as_str(), lines["later@example.org"].0.as_str()), ("DONE", "FAILED"));
    let taken: Vec<String> = sink.taken().into_iter().map(|(_, to)| to).collect();
    let once: HashSet<&String> = taken.iter().collect();
    assert_eq!((taken.len(), once.len()), (2, 2), "{taken:?}");

    // Only the address that does not exist gets nothing from now on; a full mailbox may be emptied.
    let query = "query($list: ID!) { audienceCount(list: $list, audience: {}) \
                 { recipients excluded { reason count } } bouncedAddresses { nodes { id address reason } } }";
    let now = office.get(query, json!({ "list": list })).await;
    assert_eq!(
        now["audienceCount"],
        json!({ "recipients": 4, "excluded": [{ "reason": "BOUNCED", "count": 1 }] })
    );
    let bad = &now["bouncedAddresses"]["nodes"][0];
    assert_eq!(bad["address"], "nobody@example.org");
    let lift = "mutation($id: ID!) { liftBounce(suppression: $id) { done } }";
    office.get(lift, json!({ "id": bad["id"] })).await;
    assert_eq!(office.refusal(lift, json!({ "id": bad["id"] })).await.0, "NOT_FOUND");
    assert_eq!(office.get(query, json!({ "list": list })).await["audienceCount"]["recipients"], 5);
}

#[tokio::test]
async fn a_broken_address_is_a_bounce() {
    let office = Office::open().await;
    office.people(&office.tenant, &[("Белова Анна Ивановна", "ППО № 1", "anna@example.org", "да")]).await;
    let list = office.list("Новости").await;
    let campaign = office.campaign(&list, json!({})).await;
    assert_eq!(office.step("startCampaign", &campaign).await, "OK");
    // The register does not take such an address; what stood in it before it checked is still there.
    break_address(&office).await;
    office.work().await;
    let (state, lines) = office.ledger(&campaign).await;
    assert_eq!(state, "DONE");
    assert_eq!(lines["anna at example"].0, "BOUNCED", "{lines:?}");
}

async fn break_address(office: &Office) {
    use sqlx::Connection;
    let mut connection = sqlx::PgConnection::connect(&office.world.database().superuser_url()).await.unwrap();
    sqlx::query("UPDATE members.person SET email = 'anna at example'")
        .execute(&mut connection)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_mail_server_that_is_away_uses_up_no_attempt_and_nobody_is_skipped() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    drop(listener);
    let office = Office::with(Some(&url), None).await;
    office.people(&office.tenant, &[("Белова Анна Ивановна", "ППО № 1", "anna@example.org", "да")]).await;
    let list = office.list("Новости").await;
    let campaign = office.campaign(&list, json!({})).await;
    assert_eq!(office.step("startCampaign", &campaign).await, "OK");
    for _ in 0..10 {
        office.work().await;
        office.world.clock.advance(TimeDelta::minutes(2));
    }
    let (state, lines) = office.ledger(&campaign).await;
    assert_eq!((state.as_str(), lines["anna@example.org"].0.as_str()), ("SENDING", "PENDING"));
}

#[tokio::test]
async fn no_more_letters_leave_in_a_minute_than_are_allowed() {
    let office = Office::with(None, Some(3)).await;
    let people: Vec<(String, String)> = (0..7)
        .map(|at| {
            let letter = char::from_u32(u32::from('а') + at).unwrap();
            (format!("Белов{letter} Иван Ильич"), format!("m{at}@example.org"))
        })
        .collect();
    let people: Vec<_> =
        people.iter().map(|(name, address)| (name.as_str(), "ППО № 1", address.as_str(), "да")).collect();
    office.people(&office.tenant, &people).await;
    let list = office.list("Новости").await;
    let campaign = office.campaign(&list, json!({})).await;
    assert_eq!(office.step("startCampaign", &campaign).await, "OK");
    for expected in [3, 6, 7] {
        office.work().await;
        assert_eq!(office.outbox.list(100, None).await.unwrap().len(), expected);
        office.world.clock.advance(TimeDelta::seconds(61));
    }
    office.work().await;
    assert_eq!(office.ledger(&campaign).await.0, "DONE");
}

#[tokio::test]
async fn a_report_of_a_mail_server_finds_its_letter_by_the_return_path() {
    let sink = Sink::start(answers).await;
    let office = Office::with(Some(&sink.url), None).await;
    office.people(&office.tenant, &[("Белова Анна Ивановна", "ППО № 1", "anna@example.org", "да")]).await;
    let list = office.list("Новости").await;
    let campaign = office.campaign(&list, json!({})).await;
    office.step("startCampaign", &campaign).await;
    office.work().await;
    let (path, _) = sink.taken().remove(0);
    assert!(path.starts_with("bounce+") && path.ends_with("@bounces.example"), "{path}");
    let report = |action, status: &str| Report {
        sent_to: vec![path.clone()],
        action,
        status: status.to_owned(),
        diagnostic: Some("550 5.1.1 no such user".to_owned()),
    };
    let tokens = office.tokens();
    let delayed = tokens.bounce(&report(ReportAction::Delayed, "4.4.1"), None).await.unwrap();
    assert_eq!(delayed, Recorded::Nothing);
    assert_eq!(office.ledger(&campaign).await.1["anna@example.org"].0, "SENT");
    for _ in 0..2 {
        let hard = tokens.bounce(&report(ReportAction::Failed, "5.1.1"), None).await.unwrap();
        assert_eq!(hard, Recorded::Bounced { hard: true });
    }
    let (_, lines) = office.ledger(&campaign).await;
    assert_eq!(lines["anna@example.org"], ("BOUNCED".to_owned(), "550 5.1.1 no such user".to_owned()));
    let again = office.campaign(&list, json!({})).await;
    assert_eq!(office.step("startCampaign", &again).await, "NO_RECIPIENTS");
    let forged = Report {
        sent_to: vec![path.replace("bounce+0", "bounce+1")],
        ..report(ReportAction::Failed, "5.1.1")
    };
    assert_eq!(tokens.bounce(&forged, None).await.unwrap(), Recorded::NoLetter);
}

#[tokio::test]
async fn the_ledger_can_be_taken_along() {
    let office = Office::open().await;
    office.people(&office.tenant, &[("Белова Анна Ивановна", "ППО № 1", "anna@example.org", "да")]).await;
    let list = office.list("Новости").await;
    let campaign = office.campaign(&list, json!({})).await;
    office.step("startCampaign", &campaign).await;
    office.work().await;
    let export = "mutation($id: ID!) { exportDeliveries(campaign: $id) { id name } }";
    let file = office.get(export, json!({ "id": campaign })).await;
    let id = plenum_kernel::TypedId::parse_global(&text(&file["exportDeliveries"]["id"])).unwrap();
    let mut tx = office.world.system(&office.tenant).await;
    let (_, bytes) = office.world.files.fetch(&mut tx, id).await.unwrap();
    let csv = String::from_utf8(bytes.to_vec()).unwrap();
    assert!(csv.contains("\"Белова Анна Ивановна\";\"anna@example.org\";\"отправлено\""), "{csv}");
}
