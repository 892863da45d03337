//! Conversations on a real database: order, what is refused, what neighbours see, pushes, what other modules tell.

#![expect(clippy::unwrap_used, reason = "a test panics where something is not as expected")]

mod access;
mod changes;
mod messages;
mod neighbours;
mod participants;
mod ports;

use std::sync::Arc;

use async_graphql::{Request, Schema, Variables};
use plenum_authz::Viewer;
use plenum_bodies_api::{BodiesRead, BodyCreated, BodyId};
use plenum_chat::{
    POLICY,
    api_parts::{ChatMutation, ChatQuery, ChatSubscription},
};
use plenum_db::Access;
use plenum_events::{Event, Publish, Reactions};
use plenum_jobs::Worker;
use plenum_learning_api::LearningRead;
use plenum_live::Live;
use plenum_mailings_api::MailingsRead;
use plenum_members_api::MembersRead;
use plenum_tenancy::store::grants;
use ports::Others;
use serde_json::{Value, json};
use testkit::{Tenant, World};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

type ChatSchema = Schema<ChatQuery, ChatMutation, ChatSubscription>;

const SEND: &str = "mutation($input: SendMessageInput!) { sendMessage(input: $input) {
    id seq change text author { name } mentions { name } replyTo { text } files { width file { name } } } }";

/// A world with a tenant, the API over it, and other modules that answer as they are told.
struct Hall {
    world: World,
    tenant: Tenant,
    others: Arc<Others>,
    schema: ChatSchema,
    worker: Worker,
    stop: CancellationToken,
}

impl Hall {
    async fn open() -> Self {
        let world = World::builder().policy(&[("chat", POLICY)]).build().await;
        let tenant = world.tenant("alpha", &["ППО № 1", "ППО № 2"]).await;
        let others = Arc::new(Others::default());
        let stop = CancellationToken::new();
        let live = Live::start(&world.db, stop.clone()).await.unwrap();
        let schema = Schema::build(ChatQuery, ChatMutation, ChatSubscription)
            .data(world.db.clone())
            .data(world.files.clone())
            .data(live)
            .finish();
        let (bodies, members) =
            (others.clone() as Arc<dyn BodiesRead>, others.clone() as Arc<dyn MembersRead>);
        let (learning, mailings) =
            (others.clone() as Arc<dyn LearningRead>, others.clone() as Arc<dyn MailingsRead>);
        let reactions = plenum_chat::on_bodies(Reactions::new(), bodies);
        let reactions = plenum_chat::on_members(reactions, members.clone());
        let reactions = plenum_chat::on_learning(reactions, learning, members.clone());
        let reactions = plenum_chat::on_mailings(reactions, mailings);
        let worker = plenum_chat::register(Worker::new(world.db.clone(), "test"), members);
        let worker = reactions.register(worker);
        Self { world, tenant, others, schema, worker, stop }
    }

    async fn member(&self) -> Viewer {
        self.world.viewer(&self.tenant, "member").await
    }

    /// So many members, and the channel of a body in which all of them sit.
    async fn council(&self, members: usize) -> (Vec<Viewer>, String) {
        let body = self.others.add_body("Совет", self.tenant.root);
        let mut people = Vec::new();
        for _ in 0..members {
            let viewer = self.member().await;
            self.others.seat(body, viewer.account().unwrap());
            people.push(viewer);
        }
        self.publish(&BodyCreated { body }).await;
        self.work().await;
        let channel = self.channel_named(&people[0], "Совет").await.unwrap();
        (people, channel)
    }

    /// The same person with an office's role in a body.
    async fn with_office(&self, viewer: &Viewer, body: BodyId, role: &str) -> Viewer {
        use plenum_kernel::TypedId;
        let mut tx = self.world.system(&self.tenant).await;
        let scope = grants::Scope { unit: self.tenant.root, inner: Some(("body", body.uuid())) };
        let account = viewer.account().unwrap();
        grants::give(&mut tx, account, role, scope).await.unwrap();
        let grants = grants::of_account(&mut tx, account).await.unwrap();
        tx.commit().await.unwrap();
        Viewer { grants, ..viewer.clone() }
    }

    async fn publish<E: Event>(&self, event: &E) {
        let mut tx = self.world.system(&self.tenant).await;
        tx.publish(event).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn work(&self) {
        self.worker.drain(self.tenant.id).await.unwrap();
    }

    async fn ask(&self, viewer: Option<&Viewer>, query: &str, variables: Value) -> Value {
        let request =
            Request::new(query).variables(Variables::from_json(variables)).data(self.world.scope(viewer));
        serde_json::to_value(self.schema.execute(request).await).unwrap()
    }

    /// The data of an answer without errors.
    async fn get(&self, viewer: &Viewer, query: &str, variables: Value) -> Value {
        let answer = self.ask(Some(viewer), query, variables).await;
        assert_eq!(answer.get("errors"), None, "{query}: {answer}");
        answer["data"].clone()
    }

    /// The code of the first error, and its reason or what is wrong with the first field.
    async fn refusal(&self, viewer: &Viewer, query: &str, variables: Value) -> (String, String) {
        let answer = self.ask(Some(viewer), query, variables).await;
        let extensions = &answer["errors"][0]["extensions"];
        let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{query}: {answer}")).to_owned();
        let field = &extensions["fields"][0]["reason"];
        let reason = if field.is_null() { &extensions["reason"] } else { field };
        (text(&extensions["code"]), text(reason))
    }

    async fn channel_named(&self, viewer: &Viewer, name: &str) -> Option<String> {
        let data = self.get(viewer, "{ channels { nodes { id name } } }", json!({})).await;
        let nodes = data["channels"]["nodes"].as_array().unwrap().clone();
        nodes.iter().find(|node| node["name"] == name).map(|node| node["id"].as_str().unwrap().to_owned())
    }

    async fn send(&self, viewer: &Viewer, channel: &str, text: &str) -> Value {
        let input = json!({ "channel": channel, "clientId": Uuid::now_v7(), "text": text });
        self.get(viewer, SEND, json!({ "input": input })).await["sendMessage"].clone()
    }

    /// The texts of a conversation, in their order.
    async fn texts(&self, viewer: &Viewer, channel: &str) -> Vec<String> {
        let query = "query($channel: ID!) { messages(channel: $channel, first: 200) { messages { text } } }";
        let data = self.get(viewer, query, json!({ "channel": channel })).await;
        let all = data["messages"]["messages"].as_array().unwrap().clone();
        all.iter().map(|message| message["text"].as_str().unwrap().to_owned()).collect()
    }

    /// How the viewer sees a channel in the list.
    async fn seen(&self, viewer: &Viewer, channel: &str) -> Value {
        let query = "query($id: ID!) { channel(id: $id) {
            name kind unread mentions muted readSeq lastSeq lastChange participantCount readByOthers
            viewerCan { moderate } lastMessage { text } } }";
        self.get(viewer, query, json!({ "id": channel })).await["channel"].clone()
    }

    /// Keeps bytes as if the viewer had uploaded them.
    async fn upload(&self, viewer: &Viewer, name: &str, content_type: &str, bytes: &[u8]) -> String {
        let db = &self.world.db;
        let mut tx = db.tenant(viewer, plenum_files::permissions::UPLOAD, Access::Write).await.unwrap();
        let bytes = bytes::Bytes::copy_from_slice(bytes);
        let file = self.world.files.keep(&mut tx, name, content_type, bytes).await.unwrap();
        tx.commit().await.unwrap();
        file.id.to_string()
    }
}

impl Drop for Hall {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

fn id(viewer: &Viewer) -> String {
    viewer.account().unwrap().to_string()
}

fn code(code: &str, reason: &str) -> (String, String) {
    (code.to_owned(), reason.to_owned())
}
