//! Pushes, and what a client asks for that was away.

use std::{collections::BTreeMap, pin::Pin};

use async_graphql::{Request, Response};
use futures_util::{Stream, StreamExt};
use plenum_authz::Viewer;
use serde_json::{Value, json};

use crate::{Hall, id};

type Pushes = Pin<Box<dyn Stream<Item = Response> + Send>>;

/// A client that follows a channel and keeps what it was told.
struct Client<'h> {
    hall: &'h Hall,
    viewer: &'h Viewer,
    channel: &'h str,
    change: i64,
    messages: BTreeMap<i64, Value>,
    pushes: Option<Pushes>,
}

impl<'h> Client<'h> {
    fn new(hall: &'h Hall, viewer: &'h Viewer, channel: &'h str) -> Self {
        let mut client = Self { hall, viewer, channel, change: 0, messages: BTreeMap::new(), pushes: None };
        client.connect();
        client
    }

    /// Goes on after the last change that it has.
    fn connect(&mut self) {
        let query = format!(
            "subscription {{ channelChanges(channel: \"{}\", after: {}) {{
                change messages {{ seq change text deleted reactions {{ emoji count }} }} }} }}",
            self.channel, self.change
        );
        let request = Request::new(query).data(self.hall.world.scope(Some(self.viewer)));
        self.pushes = Some(Box::pin(self.hall.schema.execute_stream(request)));
    }

    fn cut(&mut self) {
        self.pushes = None;
    }

    /// Listens until it has this change.
    async fn until(&mut self, change: i64) {
        while self.change < change {
            let push = self.pushes.as_mut().unwrap().next().await.unwrap();
            let push = serde_json::to_value(push).unwrap();
            assert!(push["errors"].is_null(), "{push}");
            let changes = &push["data"]["channelChanges"];
            for message in changes["messages"].as_array().unwrap() {
                self.messages.insert(message["seq"].as_i64().unwrap(), message.clone());
            }
            self.change = changes["change"].as_i64().unwrap();
        }
    }
}

#[tokio::test]
async fn after_500_messages_a_client_that_was_cut_off_holds_the_same_in_the_same_order() {
    let hall = Hall::open().await;
    let (people, channel) = hall.council(15).await;
    let mut steady = Client::new(&hall, &people[0], &channel);
    let mut absent = Client::new(&hall, &people[1], &channel);
    let mut texts = Vec::new();
    for number in 1..=500_i64 {
        let author = &people[usize::try_from(number).unwrap() % people.len()];
        texts.push(format!("сообщение {number}"));
        hall.send(author, &channel, texts.last().unwrap()).await;
        match number {
            50 => {
                absent.until(50).await;
                absent.cut();
            }
            450 => absent.connect(),
            _ => {}
        }
    }
    steady.until(500).await;
    absent.until(500).await;
    assert_eq!(steady.messages, absent.messages);
    let held: Vec<&str> = absent.messages.values().map(|message| message["text"].as_str().unwrap()).collect();
    assert_eq!(held, texts);
    assert_eq!(absent.messages.keys().copied().collect::<Vec<_>>(), (1..=500).collect::<Vec<i64>>());
}

#[tokio::test]
async fn edits_reactions_and_deletions_reach_who_was_away() {
    let hall = Hall::open().await;
    let (people, channel) = hall.council(2).await;
    let mut ids = Vec::new();
    for number in 1..=3 {
        ids.push(hall.send(&people[0], &channel, &format!("{number}")).await["id"].clone());
    }
    let mut absent = Client::new(&hall, &people[1], &channel);
    absent.until(3).await;
    absent.cut();
    let react = "mutation($id: ID!) { react(message: $id, emoji: \"👍\") { id } }";
    let edit = "mutation($id: ID!) { editMessage(message: $id, text: \"иначе\") { id } }";
    let delete = "mutation($id: ID!) { deleteMessage(message: $id) { id } }";
    hall.get(&people[0], react, json!({ "id": ids[0] })).await;
    hall.get(&people[0], edit, json!({ "id": ids[0] })).await;
    hall.get(&people[0], delete, json!({ "id": ids[2] })).await;
    hall.send(&people[0], &channel, "4").await;
    absent.connect();
    absent.until(7).await;
    let held: Vec<_> =
        absent.messages.values().map(|m| (m["text"].as_str().unwrap(), m["deleted"] == true)).collect();
    assert_eq!(held, [("иначе", false), ("2", false), ("", true), ("4", false)]);
    assert_eq!(absent.messages[&1]["reactions"], json!([{ "emoji": "👍", "count": 1 }]));
    // The same by asking, in parts.
    let query = "query($c: ID!, $after: Int!) { channelChanges(channel: $c, after: $after, first: 2) {
        messages { seq } change complete } }";
    let part =
        hall.get(&people[1], query, json!({ "c": channel, "after": 3 })).await["channelChanges"].clone();
    assert_eq!(part, json!({ "messages": [{ "seq": 1 }, { "seq": 3 }], "change": 6, "complete": false }));
    let part =
        hall.get(&people[1], query, json!({ "c": channel, "after": 6 })).await["channelChanges"].clone();
    assert_eq!(part, json!({ "messages": [{ "seq": 4 }], "change": 7, "complete": true }));
    let none =
        hall.get(&people[1], query, json!({ "c": channel, "after": 7 })).await["channelChanges"].clone();
    assert_eq!(none, json!({ "messages": [], "change": 7, "complete": true }));
}

#[tokio::test]
async fn a_channel_is_no_longer_told_of_to_who_left() {
    let hall = Hall::open().await;
    let (people, _) = hall.council(2).await;
    let create = "mutation($a: [ID!]!) { createGroup(name: \"Группа\", accounts: $a) { id } }";
    let made = hall.get(&people[0], create, json!({ "a": [id(&people[1])] })).await;
    let group = made["createGroup"]["id"].as_str().unwrap().to_owned();
    hall.send(&people[0], &group, "1").await;
    let mut client = Client::new(&hall, &people[1], &group);
    client.until(1).await;
    hall.get(&people[1], "mutation($c: ID!) { leaveGroup(channel: $c) }", json!({ "c": group })).await;
    hall.send(&people[0], &group, "без вас").await;
    let mut pushes = client.pushes.take().unwrap();
    let push = serde_json::to_value(pushes.next().await.unwrap()).unwrap();
    assert_eq!(push["errors"][0]["extensions"]["code"], "NOT_FOUND", "{push}");
    assert!(pushes.next().await.is_none());
}

#[tokio::test]
async fn a_list_is_told_of_new_channels_messages_and_read_marks() {
    let hall = Hall::open().await;
    let (people, channel) = hall.council(2).await;
    let query =
        "subscription { channelList { unreadChannels gone changed { id unread lastMessage { text } } } }";
    let request = Request::new(query).data(hall.world.scope(Some(&people[1])));
    let mut pushes = Box::pin(hall.schema.execute_stream(request));
    let mut next = async || {
        let push = serde_json::to_value(pushes.next().await.unwrap()).unwrap();
        assert!(push["errors"].is_null(), "{push}");
        push["data"]["channelList"].clone()
    };
    let all = next().await;
    assert_eq!(all["changed"], json!([{ "id": channel, "unread": 0, "lastMessage": null }]));
    hall.send(&people[0], &channel, "Привет").await;
    let news = next().await;
    assert_eq!(news["unreadChannels"], 1);
    assert_eq!(news["changed"], json!([{ "id": channel, "unread": 1, "lastMessage": { "text": "Привет" } }]));
    // On another device of the same person.
    let read = "mutation($id: ID!) { markRead(channel: $id, seq: 1) { id } }";
    hall.get(&people[1], read, json!({ "id": channel })).await;
    assert_eq!(next().await["unreadChannels"], 0);
    let create = "mutation($a: [ID!]!) { createGroup(name: \"Группа\", accounts: $a) { id } }";
    let made = hall.get(&people[0], create, json!({ "a": [id(&people[1])] })).await;
    let group = &made["createGroup"]["id"];
    assert_eq!(next().await["changed"][0]["id"], *group);
    // What is said in the new channel is heard too.
    hall.send(&people[0], group.as_str().unwrap(), "Сюда").await;
    assert_eq!(next().await["changed"][0]["lastMessage"]["text"], "Сюда");
    hall.get(&people[1], "mutation($c: ID!) { leaveGroup(channel: $c) }", json!({ "c": group })).await;
    assert_eq!(next().await["gone"], json!([group]));
}
