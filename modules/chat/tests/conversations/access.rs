//! For those who take no part, nothing is there.

use futures_util::StreamExt;
use plenum_authz::Viewer;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Hall, SEND, id};

async fn finds_nothing(hall: &Hall, viewer: &Viewer, channel: &str, message: &Value) {
    let input = json!({ "channel": channel, "clientId": Uuid::now_v7(), "text": "Я тут" });
    let variables = json!({ "c": channel, "m": message, "input": input });
    for operation in [
        "query($c: ID!) { messages(channel: $c) { messages { id } } }",
        "query($c: ID!) { channelChanges(channel: $c, after: 0) { messages { id } } }",
        "query($c: ID!) { searchMessages(query: \"тайна\", channel: $c) { nodes { message { id } } } }",
        "mutation($m: ID!) { editMessage(message: $m, text: \"x\") { id } }",
        "mutation($m: ID!) { deleteMessage(message: $m) { id } }",
        "mutation($m: ID!) { react(message: $m, emoji: \"👍\") { id } }",
        "mutation($c: ID!) { markRead(channel: $c, seq: 1) { id } }",
        "mutation($c: ID!) { muteChannel(channel: $c, muted: true) { id } }",
        "mutation($c: ID!) { leaveGroup(channel: $c) }",
        SEND,
    ] {
        let refused = hall.refusal(viewer, operation, variables.clone()).await;
        assert_eq!(refused.0, "NOT_FOUND", "{operation}");
    }
    let one = hall.get(viewer, "query($c: ID!) { channel(id: $c) { id } }", variables.clone()).await;
    assert_eq!(one["channel"], Value::Null);
    let list = hall.get(viewer, "{ channels { nodes { id } } unreadChannels }", json!({})).await;
    assert_eq!(list, json!({ "channels": { "nodes": [] }, "unreadChannels": 0 }));
    let found =
        hall.get(viewer, "{ searchMessages(query: \"тайна\") { nodes { message { id } } } }", json!({}));
    assert_eq!(found.await["searchMessages"]["nodes"], json!([]));
    let request = async_graphql::Request::new(format!(
        "subscription {{ channelChanges(channel: \"{channel}\", after: 0) {{ change }} }}"
    ));
    let mut pushes = Box::pin(hall.schema.execute_stream(request.data(hall.world.scope(Some(viewer)))));
    let push = serde_json::to_value(pushes.next().await.unwrap()).unwrap();
    assert_eq!(push["errors"][0]["extensions"]["code"], "NOT_FOUND");
}

#[tokio::test]
async fn outsiders_administrators_and_neighbours_find_nothing() {
    let hall = Hall::open().await;
    let (people, channel) = hall.council(2).await;
    let message = hall.send(&people[0], &channel, "Это тайна").await["id"].clone();
    for viewer in [
        hall.member().await,
        hall.world.viewer(&hall.tenant, "administrator").await,
        hall.world.viewer(hall.tenant.twin(), "administrator").await,
    ] {
        finds_nothing(&hall, &viewer, &channel, &message).await;
    }
    assert_eq!(hall.texts(&people[1], &channel).await, ["Это тайна"]);
}

#[tokio::test]
async fn who_leaves_finds_nothing_any_more_and_who_comes_back_finds_all() {
    let hall = Hall::open().await;
    let (people, _) = hall.council(3).await;
    let create = "mutation($accounts: [ID!]!) { createGroup(name: \" Юристы  \", accounts: $accounts) { id name kind } }";
    let made =
        hall.get(&people[0], create, json!({ "accounts": [id(&people[1])] })).await["createGroup"].clone();
    assert_eq!((&made["name"], &made["kind"]), (&json!("Юристы"), &json!("GROUP")));
    let group = made["id"].as_str().unwrap().to_owned();
    let message = hall.send(&people[1], &group, "тайна").await["id"].clone();
    let leave = "mutation($c: ID!) { leaveGroup(channel: $c) }";
    hall.get(&people[1], leave, json!({ "c": group })).await;
    let outside = "query($c: ID!) { messages(channel: $c) { messages { id } } }";
    assert_eq!(hall.refusal(&people[1], outside, json!({ "c": group })).await.0, "NOT_FOUND");
    assert_eq!(hall.refusal(&people[1], leave, json!({ "c": group })).await.0, "NOT_FOUND");
    let own = "mutation($m: ID!) { deleteMessage(message: $m) { id } }";
    assert_eq!(hall.refusal(&people[1], own, json!({ "m": message })).await.0, "NOT_FOUND");
    let invite =
        "mutation($c: ID!, $a: [ID!]!) { inviteToGroup(channel: $c, accounts: $a) { participantCount } }";
    // Twice is once.
    for _ in 0..2 {
        let variables = json!({ "c": group, "a": [id(&people[1]), id(&people[2])] });
        assert_eq!(hall.get(&people[0], invite, variables).await["inviteToGroup"]["participantCount"], 3);
    }
    assert_eq!(hall.texts(&people[1], &group).await, ["тайна"]);
    assert_eq!(hall.seen(&people[2], &group).await["unread"], 0);
}

#[tokio::test]
async fn groups_are_of_colleagues_and_bodies_are_not_left() {
    let hall = Hall::open().await;
    let (people, channel) = hall.council(1).await;
    let neighbour = hall.world.viewer(hall.tenant.twin(), "member").await;
    let create = "mutation($name: String!, $accounts: [ID!]!) { createGroup(name: $name, accounts: $accounts) { id } }";
    for (name, accounts, expected) in [
        ("Группа", vec![id(&neighbour)], "NOT_FOUND"),
        ("Группа", vec![], "INVALID"),
        (" ", vec![id(&people[0])], "INVALID"),
    ] {
        let refused = hall.refusal(&people[0], create, json!({ "name": name, "accounts": accounts })).await;
        assert_eq!(refused.0, expected);
    }
    let leave = "mutation($c: ID!) { leaveGroup(channel: $c) }";
    assert_eq!(hall.refusal(&people[0], leave, json!({ "c": channel })).await.1, "not_a_group");
    let invite = "mutation($c: ID!, $a: [ID!]!) { inviteToGroup(channel: $c, accounts: $a) { id } }";
    let colleague = hall.member().await;
    let refused = hall.refusal(&people[0], invite, json!({ "c": channel, "a": [id(&colleague)] })).await;
    assert_eq!(refused.1, "not_a_group");
}

#[tokio::test]
async fn two_people_have_one_direct_channel_that_appears_with_its_first_message() {
    let hall = Hall::open().await;
    let (one, other) = (hall.member().await, hall.member().await);
    let open = "mutation($a: ID!) { openDirect(account: $a) { id name kind colleague { id } } }";
    let opened = hall.get(&one, open, json!({ "a": id(&other) })).await["openDirect"].clone();
    assert_eq!((&opened["kind"], &opened["colleague"]["id"]), (&json!("DIRECT"), &json!(id(&other))));
    let again = hall.get(&other, open, json!({ "a": id(&one) })).await["openDirect"].clone();
    assert_eq!((&again["id"], &again["colleague"]["id"]), (&opened["id"], &json!(id(&one))));
    let list = "{ channels { nodes { id unread } } }";
    assert_eq!(hall.get(&other, list, json!({})).await["channels"]["nodes"], json!([]));
    let channel = opened["id"].as_str().unwrap();
    hall.send(&one, channel, "Добрый день").await;
    assert_eq!(
        hall.get(&other, list, json!({})).await["channels"]["nodes"],
        json!([{ "id": channel, "unread": 1 }])
    );
    assert_eq!(hall.refusal(&one, open, json!({ "a": id(&one) })).await.1, "yourself");
    let neighbour = hall.world.viewer(hall.tenant.twin(), "member").await;
    let nobody = format!("Account_{}", Uuid::now_v7().simple());
    assert_eq!(hall.refusal(&one, open, json!({ "a": id(&neighbour) })).await.0, "NOT_FOUND");
    assert_eq!(hall.refusal(&one, open, json!({ "a": nobody })).await.0, "NOT_FOUND");
}
