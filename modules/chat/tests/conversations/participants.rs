//! Who takes part: as bodies, the register and courses say.

use plenum_bodies_api::{BodyCreated, SeatEnded, SeatTaken, SessionScheduled};
use plenum_chat::ensure_body_channels;
use plenum_learning_api::{CoursePublished, EnrolmentId, MemberEnrolled};
use plenum_members_api::{AccountLinked, MemberLeft, MemberMoved};
use serde_json::json;

use crate::{Hall, code};

#[tokio::test]
async fn a_body_has_a_channel_and_its_seats_take_part() {
    let hall = Hall::open().await;
    let body = hall.others.add_body("Президиум", hall.tenant.root);
    let (one, other) = (hall.member().await, hall.member().await);
    let seat = hall.others.seat(body, one.account().unwrap());
    // The seat is told of before the body: events come in no order, and more than once.
    hall.publish(&SeatTaken { seat, body }).await;
    hall.publish(&BodyCreated { body }).await;
    hall.publish(&BodyCreated { body }).await;
    hall.work().await;
    let channel = hall.channel_named(&one, "Президиум").await.unwrap();
    assert_eq!(hall.seen(&one, &channel).await["kind"], "BODY");
    assert_eq!(hall.channel_named(&other, "Президиум").await, None);
    hall.send(&one, &channel, "Я один").await;

    let second = hall.others.seat(body, other.account().unwrap());
    hall.others.rename_body(body, "Президиум Совета");
    hall.publish(&SeatTaken { seat: second, body }).await;
    hall.work().await;
    assert_eq!(hall.channel_named(&other, "Президиум Совета").await, Some(channel.clone()));
    // What was said before is there to be read, and counts as read.
    assert_eq!(hall.texts(&other, &channel).await, ["Я один"]);
    assert_eq!(hall.seen(&other, &channel).await["unread"], 0);

    hall.others.unseat(seat);
    hall.publish(&SeatEnded { seat, body }).await;
    hall.work().await;
    assert_eq!(hall.channel_named(&one, "Президиум Совета").await, None);
    assert_eq!(hall.seen(&other, &channel).await["participantCount"], 1);
}

#[tokio::test]
async fn bodies_that_were_there_before_get_their_channels_once() {
    let hall = Hall::open().await;
    let body = hall.others.add_body("Совет", hall.tenant.root);
    let viewer = hall.member().await;
    hall.others.seat(body, viewer.account().unwrap());
    let made = ensure_body_channels(&hall.world.db, &*hall.others).await.unwrap();
    assert!(made > 0);
    assert_eq!(ensure_body_channels(&hall.world.db, &*hall.others).await.unwrap(), 0);
    assert!(hall.channel_named(&viewer, "Совет").await.is_some());
}

#[tokio::test]
async fn a_session_that_is_called_is_announced_once() {
    let hall = Hall::open().await;
    let body = hall.others.add_body("Совет", hall.tenant.root);
    let viewer = hall.member().await;
    hall.others.seat(body, viewer.account().unwrap());
    let at = "2026-12-01T10:00:00Z".parse().unwrap();
    let session = hall.others.call(body, "О смете", at);
    for _ in 0..2 {
        hall.publish(&SessionScheduled { session }).await;
        hall.work().await;
    }
    let channel = hall.channel_named(&viewer, "Совет").await.unwrap();
    let query = "query($c: ID!) { messages(channel: $c) { messages { kind text session startsAt author { id } isMine } } }";
    let said = hall.get(&viewer, query, json!({ "c": channel })).await["messages"]["messages"].clone();
    assert_eq!(
        said,
        json!([{ "kind": "SESSION", "text": "О смете", "session": session.to_string(),
                 "startsAt": "2026-12-01T10:00:00+00:00", "author": null, "isMine": false }])
    );
    assert_eq!(hall.seen(&viewer, &channel).await["unread"], 1);
}

#[tokio::test]
async fn a_units_channel_follows_the_register() {
    let hall = Hall::open().await;
    let keeper = hall.world.viewer(&hall.tenant, "register_keeper").await;
    let (first, second) = (hall.tenant.units[0], hall.tenant.units[1]);
    let (one, late) = (hall.member().await, hall.member().await);
    let member = hall.others.record(first, one.account());
    let without = hall.others.record(first, None);
    let create = "mutation($unit: ID!) { createUnitChannel(unit: $unit) { id name kind } }";
    let made =
        hall.get(&keeper, create, json!({ "unit": first.to_string() })).await["createUnitChannel"].clone();
    assert_eq!((&made["name"], &made["kind"]), (&json!("ППО № 1"), &json!("UNIT")));
    let again =
        hall.get(&keeper, create, json!({ "unit": first.to_string() })).await["createUnitChannel"].clone();
    assert_eq!(made, again);
    // The channel of the whole organization takes those of the units below.
    let root = hall.get(&keeper, create, json!({ "unit": hall.tenant.root.to_string() })).await;
    let root = root["createUnitChannel"]["id"].as_str().unwrap().to_owned();
    let channel = made["id"].as_str().unwrap().to_owned();
    hall.work().await;
    assert_eq!(hall.seen(&one, &channel).await["participantCount"], 2);
    assert_eq!(hall.seen(&one, &root).await["participantCount"], 2);

    hall.others.link(without, late.account().unwrap());
    hall.publish(&AccountLinked { member: without, account: late.account().unwrap() }).await;
    hall.work().await;
    assert_eq!(hall.seen(&late, &channel).await["name"], "ППО № 1");

    hall.others.move_member(member, second);
    hall.publish(&MemberMoved { member, from: first, to: second }).await;
    hall.work().await;
    assert_eq!(hall.seen(&one, &channel).await, json!(null));
    assert_eq!(hall.seen(&one, &root).await["name"], "Аппарат");

    hall.publish(&MemberLeft { member, to: hall.tenant.twin().id }).await;
    hall.work().await;
    assert_eq!(hall.seen(&one, &root).await, json!(null));
    // Who opened it stays, whatever the register says.
    assert_eq!(hall.seen(&keeper, &channel).await["participantCount"], 2);
}

#[tokio::test]
async fn only_keepers_open_channels_of_their_units() {
    let hall = Hall::open().await;
    let (first, second) = (hall.tenant.units[0], hall.tenant.units[1]);
    let create = "mutation($unit: ID!) { createUnitChannel(unit: $unit) { id } }";
    let keeper = hall.world.viewer_in(&hall.tenant, "register_keeper", first).await;
    hall.get(&keeper, create, json!({ "unit": first.to_string() })).await;
    let refused = hall.refusal(&keeper, create, json!({ "unit": second.to_string() })).await;
    assert_eq!(refused, code("FORBIDDEN", "permission"));
    let member = hall.member().await;
    let refused = hall.refusal(&member, create, json!({ "unit": first.to_string() })).await;
    assert_eq!(refused, code("FORBIDDEN", "permission"));
    let neighbour = hall.world.viewer(hall.tenant.twin(), "administrator").await;
    let refused = hall.refusal(&neighbour, create, json!({ "unit": first.to_string() })).await;
    assert_eq!(refused.0, "NOT_FOUND");
}

#[tokio::test]
async fn a_courses_channel_takes_its_learners_as_they_get_accounts() {
    let hall = Hall::open().await;
    let course = hall.others.add_course("Охрана труда");
    let (one, late) = (hall.member().await, hall.member().await);
    let learner = hall.others.record(hall.tenant.units[0], one.account());
    let without = hall.others.record(hall.tenant.units[0], None);
    // Enrolled before the news of the course came.
    for member in [learner, without] {
        hall.publish(&MemberEnrolled { enrolment: EnrolmentId::new(), course, member }).await;
    }
    hall.publish(&CoursePublished { course }).await;
    hall.work().await;
    let channel = hall.channel_named(&one, "Охрана труда").await.unwrap();
    assert_eq!(hall.seen(&one, &channel).await["participantCount"], 1);
    hall.others.link(without, late.account().unwrap());
    hall.publish(&AccountLinked { member: without, account: late.account().unwrap() }).await;
    hall.work().await;
    assert_eq!(hall.channel_named(&late, "Охрана труда").await, Some(channel.clone()));
    // Learners stay when they move: the course is not the unit's.
    hall.others.move_member(learner, hall.tenant.units[1]);
    hall.publish(&MemberMoved { member: learner, from: hall.tenant.units[0], to: hall.tenant.units[1] })
        .await;
    hall.work().await;
    assert_eq!(hall.seen(&one, &channel).await["participantCount"], 2);
}
