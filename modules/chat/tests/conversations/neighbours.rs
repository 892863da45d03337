//! What other modules ask of chat, and what mailings say there.

use plenum_chat::ChatReads;
use plenum_chat_api::{ChannelId, ChatRead};
use plenum_kernel::TypedId;
use plenum_mailings_api::ChannelPostRequested;
use serde_json::json;

use crate::{Hall, id};

#[tokio::test]
async fn a_mailing_is_posted_once_in_a_channel() {
    let hall = Hall::open().await;
    let (people, channel) = hall.council(2).await;
    let editor = hall.world.viewer(&hall.tenant, "mailing_editor").await;
    let campaign = hall.others.add_post(editor.account().unwrap(), "Уважаемые коллеги!\n\nСбор в 10:00.");
    let to = ChannelId::parse_global(&channel).unwrap();
    for _ in 0..2 {
        hall.publish(&ChannelPostRequested { campaign, channel: to }).await;
        hall.work().await;
    }
    let query = "query($c: ID!) { messages(channel: $c) { messages { kind text author { id } } } }";
    let said = hall.get(&people[0], query, json!({ "c": channel })).await["messages"]["messages"].clone();
    assert_eq!(
        said,
        json!([{ "kind": "MAILING", "text": "Уважаемые коллеги!\n\nСбор в 10:00.", "author": { "id": id(&editor) } }])
    );
}

#[tokio::test]
async fn other_modules_know_nothing_of_what_colleagues_opened_among_themselves() {
    let hall = Hall::open().await;
    let (people, channel) = hall.council(2).await;
    let open = "mutation($a: ID!) { openDirect(account: $a) { id } }";
    let direct = hall.get(&people[0], open, json!({ "a": id(&people[1]) })).await["openDirect"]["id"].clone();
    let direct = ChannelId::parse_global(direct.as_str().unwrap()).unwrap();
    let to = ChannelId::parse_global(&channel).unwrap();
    let mut tx = hall.world.system(&hall.tenant).await;
    let all = ChatReads.channels(&mut tx).await.unwrap();
    assert_eq!(all.iter().map(|one| (one.id, one.participants)).collect::<Vec<_>>(), [(to, 2)]);
    assert_eq!(ChatReads.channel(&mut tx, to).await.unwrap().map(|one| one.name), Some("Совет".to_owned()));
    assert_eq!(ChatReads.channel(&mut tx, direct).await.unwrap(), None);
    drop(tx);
    // And so no mailing is posted there.
    let campaign = hall.others.add_post(people[0].account().unwrap(), "Реклама");
    hall.publish(&ChannelPostRequested { campaign, channel: direct }).await;
    hall.work().await;
    assert_eq!(hall.texts(&people[0], &direct.to_string()).await, Vec::<String>::new());
}
