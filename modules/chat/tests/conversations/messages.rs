//! What is said: order, repetition, edits, deletion, reactions, files, mentions, search.

use chrono::TimeDelta;
use futures_util::future::join_all;
use plenum_bodies_api::BodyCreated;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Hall, SEND, code, id};

const EDIT: &str =
    "mutation($id: ID!, $text: String!) { editMessage(message: $id, text: $text) { text editedAt change } }";
const DELETE: &str = "mutation($id: ID!) { deleteMessage(message: $id) { text deleted change } }";
const REACT: &str = "mutation($id: ID!, $emoji: String!, $on: Boolean! = true) {
    react(message: $id, emoji: $emoji, on: $on) { change reactions { emoji count mine people { id } } } }";

#[tokio::test]
async fn messages_sent_at_once_have_one_order_without_a_gap() {
    let hall = Hall::open().await;
    let (people, channel) = hall.council(8).await;
    let (office, channel) = (&hall, &channel);
    let sent = join_all(people.iter().flat_map(|viewer| {
        (0..20).map(move |number| async move { office.send(viewer, channel, &format!("{number}")).await })
    }))
    .await;
    let mut numbers: Vec<i64> = sent.iter().map(|message| message["seq"].as_i64().unwrap()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=160).collect::<Vec<i64>>());
    let query = "query($channel: ID!) { messages(channel: $channel, first: 200) {
        messages { id seq } hasEarlier hasLater change } }";
    let one = hall.get(&people[0], query, json!({ "channel": channel })).await["messages"].clone();
    let other = hall.get(&people[7], query, json!({ "channel": channel })).await["messages"].clone();
    assert_eq!(one, other);
    let order: Vec<i64> =
        one["messages"].as_array().unwrap().iter().map(|message| message["seq"].as_i64().unwrap()).collect();
    assert_eq!(order, (1..=160).collect::<Vec<i64>>());
    assert_eq!(
        (&one["hasEarlier"], &one["hasLater"], &one["change"]),
        (&json!(false), &json!(false), &json!(160))
    );
}

#[tokio::test]
async fn a_conversation_is_read_in_parts_from_either_end() {
    let hall = Hall::open().await;
    let (people, channel) = hall.council(1).await;
    for number in 1..=10 {
        hall.send(&people[0], &channel, &number.to_string()).await;
    }
    let query = "query($channel: ID!, $after: Int, $before: Int, $first: Int! = 3) {
        messages(channel: $channel, after: $after, before: $before, first: $first) { messages { text } hasEarlier hasLater } }";
    let part = async |after: Option<i64>, before: Option<i64>| {
        let variables = json!({ "channel": channel, "after": after, "before": before });
        let page = hall.get(&people[0], query, variables).await["messages"].clone();
        let texts =
            page["messages"].as_array().unwrap().iter().map(|message| message["text"].as_str().unwrap());
        (texts.collect::<Vec<_>>().join(" "), page["hasEarlier"] == true, page["hasLater"] == true)
    };
    assert_eq!(part(None, None).await, ("8 9 10".to_owned(), true, false));
    assert_eq!(part(None, Some(8)).await, ("5 6 7".to_owned(), true, true));
    assert_eq!(part(None, Some(3)).await, ("1 2".to_owned(), false, true));
    assert_eq!(part(Some(4), None).await, ("5 6 7".to_owned(), true, true));
    assert_eq!(part(Some(4), Some(6)).await, ("5".to_owned(), true, true));
    assert_eq!(part(Some(10), None).await, (String::new(), true, false));
    for first in [0, 201, -1] {
        let variables = json!({ "channel": channel, "first": first });
        assert_eq!(hall.refusal(&people[0], query, variables).await.0, "INVALID");
    }
}

#[tokio::test]
async fn a_message_sent_again_is_the_same_message() {
    let hall = Hall::open().await;
    let (people, channel) = hall.council(2).await;
    let input = json!({ "channel": channel, "clientId": Uuid::now_v7(), "text": "Один раз" });
    let variables = json!({ "input": input });
    let all = join_all((0..6).map(|_| hall.get(&people[0], SEND, variables.clone()))).await;
    assert!(all.iter().all(|answer| answer == &all[0]), "{all:?}");
    // Somebody else's own id is their own, whatever it is.
    let theirs = hall.get(&people[1], SEND, variables).await;
    assert_eq!(theirs["sendMessage"]["seq"], 2);
    assert_eq!(hall.texts(&people[1], &channel).await, ["Один раз", "Один раз"]);
}

#[tokio::test]
async fn what_cannot_be_said_is_refused() {
    let hall = Hall::open().await;
    let (people, channel) = hall.council(1).await;
    let refused = async |change: Value| {
        let mut input = json!({ "channel": channel, "clientId": Uuid::now_v7(), "text": "Да" });
        input.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        hall.refusal(&people[0], SEND, json!({ "input": input })).await
    };
    assert_eq!(refused(json!({ "text": " \n" })).await, code("INVALID", "empty"));
    assert_eq!(refused(json!({ "text": "ё".repeat(4001) })).await, code("INVALID", "too_long"));
    assert_eq!(refused(json!({ "clientId": "1" })).await, code("INVALID", "not_a_uuid"));
    let stranger = hall.member().await;
    assert_eq!(refused(json!({ "mentions": [id(&stranger)] })).await, code("INVALID", "not_a_participant"));
    let missing = format!("Message_{}", Uuid::now_v7().simple());
    assert_eq!(refused(json!({ "replyTo": missing })).await.0, "NOT_FOUND");
    let theirs = hall.upload(&stranger, "a.txt", "text/plain", b"a").await;
    assert_eq!(refused(json!({ "files": [theirs] })).await.0, "NOT_FOUND");
    let many: Vec<&String> = std::iter::repeat_n(&theirs, 11).collect();
    assert_eq!(refused(json!({ "files": many })).await, code("INVALID", "too_many"));
    assert_eq!(hall.seen(&people[0], &channel).await["lastSeq"], 0);
}

#[tokio::test]
async fn whoever_posts_too_fast_waits() {
    let hall = Hall::open().await;
    let (people, channel) = hall.council(2).await;
    for number in 0..40 {
        hall.send(&people[0], &channel, &number.to_string()).await;
    }
    let input = json!({ "channel": channel, "clientId": Uuid::now_v7(), "text": "ещё" });
    let answer = hall.ask(Some(&people[0]), SEND, json!({ "input": input })).await;
    let extensions = &answer["errors"][0]["extensions"];
    assert_eq!((&extensions["code"], &extensions["retryAfter"]), (&json!("RATE_LIMITED"), &json!(10)));
    // Others go on, and so does the same person after the wait; the refused message took no number.
    hall.send(&people[1], &channel, "я могу").await;
    hall.world.clock.advance(TimeDelta::seconds(10));
    let sent = hall.get(&people[0], SEND, json!({ "input": input })).await;
    assert_eq!(sent["sendMessage"]["seq"], 42);
}

#[tokio::test]
async fn an_edit_is_the_authors_and_keeps_what_was_said() {
    let hall = Hall::open().await;
    let (people, channel) = hall.council(2).await;
    let message = hall.send(&people[0], &channel, "Смета на 2026 год").await;
    let edit = |text: &str| json!({ "id": message["id"], "text": text });
    assert_eq!(hall.refusal(&people[1], EDIT, edit("Нет")).await, code("FORBIDDEN", "not_author"));
    let edited = hall.get(&people[0], EDIT, edit("Смета на 2027 год")).await["editMessage"].clone();
    assert!(edited["editedAt"].is_string());
    assert_eq!(edited["change"], 2);
    // The same again is no change.
    let again = hall.get(&people[0], EDIT, edit(" Смета на 2027 год ")).await["editMessage"].clone();
    assert_eq!(again["change"], 2);
    assert_eq!(hall.refusal(&people[0], EDIT, edit("")).await, code("INVALID", "empty"));
    let query =
        "query($channel: ID!) { messages(channel: $channel) { messages { text revisions { text } } } }";
    let seen = hall.get(&people[1], query, json!({ "channel": channel })).await;
    assert_eq!(
        seen["messages"]["messages"],
        json!([{ "text": "Смета на 2027 год", "revisions": [{ "text": "Смета на 2026 год" }] }])
    );
    hall.get(&people[0], DELETE, json!({ "id": message["id"] })).await;
    assert_eq!(hall.refusal(&people[0], EDIT, edit("Вернуть")).await, code("CONFLICT", "message_deleted"));
}

#[tokio::test]
async fn what_is_deleted_is_gone_and_its_place_stays() {
    let hall = Hall::open().await;
    let (people, channel) = hall.council(2).await;
    let message = hall.send(&people[0], &channel, "Лишнее слово").await;
    hall.get(&people[0], EDIT, json!({ "id": message["id"], "text": "Лишние слова" })).await;
    hall.get(&people[1], REACT, json!({ "id": message["id"], "emoji": "👍" })).await;
    assert_eq!(
        hall.refusal(&people[1], DELETE, json!({ "id": message["id"] })).await,
        code("FORBIDDEN", "not_author")
    );
    let deleted = hall.get(&people[0], DELETE, json!({ "id": message["id"] })).await["deleteMessage"].clone();
    assert_eq!(deleted, json!({ "text": "", "deleted": true, "change": 4 }));
    let again = hall.get(&people[0], DELETE, json!({ "id": message["id"] })).await["deleteMessage"].clone();
    assert_eq!(again["change"], 4);
    let query = "query($channel: ID!) { searchMessages(query: \"лишн\") { nodes { message { id } } }
        messages(channel: $channel) { messages { seq text deleted reactions { emoji } revisions { text } } } }";
    let seen = hall.get(&people[1], query, json!({ "channel": channel })).await;
    assert_eq!(seen["searchMessages"]["nodes"], json!([]));
    assert_eq!(
        seen["messages"]["messages"],
        json!([{ "seq": 1, "text": "", "deleted": true, "reactions": [], "revisions": [] }])
    );
    assert_eq!(
        hall.refusal(&people[1], REACT, json!({ "id": message["id"], "emoji": "👍" })).await,
        code("CONFLICT", "message_deleted")
    );
}

#[tokio::test]
async fn officers_delete_what_others_said_in_their_body_and_that_is_recorded() {
    let hall = Hall::open().await;
    let body = hall.others.add_body("Совет", hall.tenant.root);
    let (author, colleague, secretary) = (hall.member().await, hall.member().await, hall.member().await);
    for viewer in [&author, &colleague, &secretary] {
        hall.others.seat(body, viewer.account().unwrap());
    }
    hall.publish(&BodyCreated { body }).await;
    hall.work().await;
    let secretary = hall.with_office(&secretary, body, "body_secretary").await;
    let colleague = hall.with_office(&colleague, body, "body_member").await;
    let channel = hall.channel_named(&author, "Совет").await.unwrap();
    assert_eq!(hall.seen(&secretary, &channel).await["viewerCan"]["moderate"], true);
    assert_eq!(hall.seen(&colleague, &channel).await["viewerCan"]["moderate"], false);
    let message = hall.send(&author, &channel, "Грубость").await;
    assert_eq!(hall.refusal(&colleague, DELETE, json!({ "id": message["id"] })).await.0, "FORBIDDEN");
    hall.get(&secretary, DELETE, json!({ "id": message["id"] })).await;
    assert_eq!(hall.texts(&author, &channel).await, [""]);
    let mut tx = hall.world.system(&hall.tenant).await;
    let entries = plenum_audit::latest(&mut tx, "chat.moderate", 10).await.unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!(json!(entries[0].subject), message["id"]);
    // An officer of the body keeps order there only.
    let direct = "mutation($account: ID!) { openDirect(account: $account) { id } }";
    let opened = hall.get(&secretary, direct, json!({ "account": id(&author) })).await;
    let direct = opened["openDirect"]["id"].as_str().unwrap().to_owned();
    let private = hall.send(&author, &direct, "Между нами").await;
    assert_eq!(hall.refusal(&secretary, DELETE, json!({ "id": private["id"] })).await.0, "FORBIDDEN");
}

#[tokio::test]
async fn reactions_are_counted_once_and_taken_back() {
    let hall = Hall::open().await;
    let (people, channel) = hall.council(2).await;
    let message = hall.send(&people[0], &channel, "Поздравляю").await;
    let with = |emoji: &str, on: bool| json!({ "id": message["id"], "emoji": emoji, "on": on });
    hall.get(&people[0], REACT, with("🎉", true)).await;
    hall.get(&people[1], REACT, with("👍", true)).await;
    let twice = hall.get(&people[1], REACT, with("🎉", true)).await["react"].clone();
    let again = hall.get(&people[1], REACT, with("🎉", true)).await["react"].clone();
    assert_eq!(twice, again);
    let people_of = json!([{ "id": id(&people[0]) }, { "id": id(&people[1]) }]);
    assert_eq!(
        again["reactions"],
        json!([
            { "emoji": "🎉", "count": 2, "mine": true, "people": people_of },
            { "emoji": "👍", "count": 1, "mine": true, "people": [{ "id": id(&people[1]) }] },
        ])
    );
    let less = hall.get(&people[0], REACT, with("🎉", false)).await["react"].clone();
    assert_eq!(less["reactions"][1]["count"], 1);
    let again = hall.get(&people[0], REACT, with("🎉", false)).await["react"].clone();
    assert_eq!(less, again);
    for emoji in ["", "да", "👍👍", "<b>"] {
        let refused = hall.refusal(&people[0], REACT, with(emoji, true)).await;
        assert_eq!(refused, code("INVALID", "not_an_emoji"));
    }
}

#[tokio::test]
async fn only_real_pictures_are_shown_in_place() {
    let hall = Hall::open().await;
    let (people, channel) = hall.council(1).await;
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0\x08\x02\0\0\0";
    let real = hall.upload(&people[0], "схема.png", "image/png", png).await;
    let lie = hall.upload(&people[0], "lie.png", "image/png", b"<script>alert(1)</script>").await;
    let paper = hall.upload(&people[0], "смета.pdf", "application/pdf", b"%PDF-1.7").await;
    let input = json!({
        "channel": channel, "clientId": Uuid::now_v7(), "text": "", "files": [real, lie, paper, real],
    });
    let sent = hall.get(&people[0], SEND, json!({ "input": input })).await["sendMessage"].clone();
    assert_eq!(
        sent["files"],
        json!([
            { "width": 640, "file": { "name": "схема.png" } },
            { "width": null, "file": { "name": "lie.png" } },
            { "width": null, "file": { "name": "смета.pdf" } },
        ])
    );
}

#[tokio::test]
async fn mentions_and_unread_are_counted_until_read() {
    let hall = Hall::open().await;
    let (people, channel) = hall.council(3).await;
    let first = hall.send(&people[0], &channel, "Всем привет").await;
    let input = json!({
        "channel": channel, "clientId": Uuid::now_v7(), "text": "@member, посмотрите",
        "replyTo": first["id"], "mentions": [id(&people[1]), id(&people[1])],
    });
    let sent = hall.get(&people[0], SEND, json!({ "input": input })).await["sendMessage"].clone();
    assert_eq!(sent["mentions"], json!([{ "name": "member" }]));
    assert_eq!(sent["replyTo"]["text"], "Всем привет");
    let counts = async |viewer| {
        let seen = hall.seen(viewer, &channel).await;
        (seen["unread"].as_i64().unwrap(), seen["mentions"].as_i64().unwrap())
    };
    assert_eq!(counts(&people[0]).await, (0, 0));
    assert_eq!(counts(&people[1]).await, (2, 1));
    assert_eq!(counts(&people[2]).await, (2, 0));
    let badge = async |viewer| {
        hall.get(viewer, "{ unreadChannels }", json!({})).await["unreadChannels"].as_i64().unwrap()
    };
    assert_eq!((badge(&people[0]).await, badge(&people[1]).await, badge(&people[2]).await), (0, 1, 1));
    // A silent channel is on the badge only for those who are meant.
    let mute = "mutation($id: ID!, $muted: Boolean!) { muteChannel(channel: $id, muted: $muted) { muted } }";
    for viewer in [&people[1], &people[2], &people[2]] {
        let muted = hall.get(viewer, mute, json!({ "id": channel, "muted": true })).await;
        assert_eq!(muted["muteChannel"]["muted"], true);
    }
    assert_eq!((badge(&people[1]).await, badge(&people[2]).await), (1, 0));
    let read = "mutation($id: ID!, $seq: Int!) { markRead(channel: $id, seq: $seq) { readSeq unread } }";
    let mark = async |seq: i64| {
        let marked =
            hall.get(&people[1], read, json!({ "id": channel, "seq": seq })).await["markRead"].clone();
        (marked["readSeq"].as_i64().unwrap(), marked["unread"].as_i64().unwrap())
    };
    assert_eq!(mark(1).await, (1, 1));
    // Beyond the end is the end, and back is nowhere.
    assert_eq!(mark(1000).await, (2, 0));
    assert_eq!(mark(0).await, (2, 0));
    assert_eq!(counts(&people[1]).await, (0, 0));
    assert_eq!(hall.seen(&people[0], &channel).await["readByOthers"], 2);
}

#[tokio::test]
async fn a_search_knows_forms_of_words_takes_e_for_yo_and_stays_among_ones_own() {
    let hall = Hall::open().await;
    let (people, channel) = hall.council(2).await;
    for text in ["Отчёт ревизионной комиссии готов", "Повестку собрания прислал", "Собрание в 100% составе"]
    {
        hall.send(&people[0], &channel, text).await;
    }
    let direct = "mutation($account: ID!) { openDirect(account: $account) { id } }";
    let third = hall.member().await;
    let opened = hall.get(&people[0], direct, json!({ "account": id(&third) })).await;
    let direct = opened["openDirect"]["id"].as_str().unwrap().to_owned();
    hall.send(&people[0], &direct, "Отчет только вам").await;
    let query =
        "query($query: String!, $channel: ID) { searchMessages(query: $query, channel: $channel, first: 10) {
        nodes { message { text } channel { id } } } }";
    let found = async |viewer, words: &str, channel: Option<&str>| {
        let data = hall.get(viewer, query, json!({ "query": words, "channel": channel })).await;
        let nodes = data["searchMessages"]["nodes"].as_array().unwrap().clone();
        nodes.iter().map(|node| node["message"]["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let report = "Отчёт ревизионной комиссии готов";
    assert_eq!(found(&people[0], "отчет", None).await, ["Отчет только вам", report]);
    assert_eq!(found(&people[0], "ОТЧЁТА", Some(&channel)).await, [report]);
    assert_eq!(found(&people[1], "отчёт", None).await, [report]);
    assert_eq!(found(&third, "отчёт", None).await, ["Отчет только вам"]);
    assert_eq!(found(&people[1], "собранием", None).await.len(), 2);
    assert_eq!(found(&people[1], "повест собр", None).await, ["Повестку собрания прислал"]);
    assert_eq!(found(&people[1], "никогда", None).await, Vec::<String>::new());
    assert_eq!(found(&people[1], "'):* & !", None).await, Vec::<String>::new());
    let refused = hall.refusal(&third, query, json!({ "query": "отчёт", "channel": channel })).await;
    assert_eq!(refused.0, "NOT_FOUND");
}
