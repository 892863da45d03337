//! What an organization does without, nobody reaches: every root field of a module is asked for while the module is off.
//! Fields are told apart by the parts that modules bring, so that a new one is covered when it appears.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::{EmptySubscription, ObjectType, Request, Schema, SubscriptionType};
use futures_util::StreamExt;
use guards::{
    operations::{Api, RootField, Selection},
    server::Server,
};
use plenum_authz::{ModulesOff, Viewer};
use plenum_bodies::api_parts::{BodiesMutation, BodiesQuery, BodiesSubscription};
use plenum_chat::api_parts::{ChatMutation, ChatQuery, ChatSubscription};
use plenum_documents::api_parts::{DocumentsMutation, DocumentsQuery, DocumentsSubscription};
use plenum_dues::api_parts::{DuesMutation, DuesQuery};
use plenum_learning::api_parts::{LearningMutation, LearningQuery};
use plenum_mailings::api_parts::{MailingsMutation, MailingsQuery, MailingsSubscription};
use plenum_meetings::{MeetingsMutation, MeetingsQuery, MeetingsSubscription};
use plenum_server::policy::MODULES;
use plenum_settings::domain::modules::switch;

/// Root fields that answer all the same, with the reason.
const OPEN: &[(&str, &str)] = &[
    ("broadcast", "a link that leads nowhere looks the same as one of an organization without rooms"),
    ("certificateCheck", "whoever was shown a certificate checks it: it was given, and stays true"),
    ("unsubscription", "a letter that was sent can be left for ever (RFC 8058)"),
    ("unsubscribe", "a letter that was sent can be left for ever (RFC 8058)"),
    ("resubscribe", "undoes nothing but the reader's own unsubscribing"),
];

/// Root fields of a module that another one's absence takes too.
const TAKEN: &[(&str, &str)] = &[("meetings", "joinWebinar")];

/// `operation field` of each part of a schema.
async fn of<Q, M, S>(query: Q, mutation: M, subscription: S) -> BTreeSet<String>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    let schema = Schema::build(query, mutation, subscription).finish();
    let asked = "{ __schema { queryType { fields { name } } mutationType { fields { name } }
                   subscriptionType { fields { name } } } }";
    let answer = schema.execute(Request::new(asked)).await.data.into_json().expect("plain data");
    let mut found = BTreeSet::new();
    for operation in ["query", "mutation", "subscription"] {
        let fields = answer["__schema"][format!("{operation}Type")]["fields"].as_array();
        for field in fields.into_iter().flatten() {
            found.insert(format!("{operation} {}", field["name"].as_str().expect("a name")));
        }
    }
    found
}

/// The root fields of each module, by the first word of its permissions.
async fn parts() -> BTreeMap<&'static str, BTreeSet<String>> {
    BTreeMap::from([
        ("meetings", of(MeetingsQuery, MeetingsMutation, MeetingsSubscription).await),
        ("dues", of(DuesQuery, DuesMutation, EmptySubscription).await),
        ("bodies", of(BodiesQuery, BodiesMutation, BodiesSubscription).await),
        ("learning", of(LearningQuery, LearningMutation::default(), EmptySubscription).await),
        ("documents", of(DocumentsQuery, DocumentsMutation, DocumentsSubscription).await),
        ("mailings", of(MailingsQuery, MailingsMutation, MailingsSubscription).await),
        ("chat", of(ChatQuery, ChatMutation, ChatSubscription).await),
    ])
}

/// The reason of the refusal; none when it was not refused.
async fn knock(server: &Server, api: &Api, field: &RootField, viewer: &Viewer) -> Option<String> {
    let operation = api.operation(field, Selection::Knock, None, &|_, _| None);
    let request = Request::new(operation).data(server.world.scope(Some(viewer)));
    let answer = if field.operation == "subscription" {
        Box::pin(server.schema.execute_stream(request)).next().await.expect("a subscription answers")
    } else {
        server.schema.execute(request).await
    };
    let errors = serde_json::to_value(&answer.errors).expect("errors are plain data");
    errors[0]["extensions"]["reason"].as_str().map(str::to_owned)
}

#[tokio::test]
async fn every_root_field_of_a_module_that_is_off_is_refused_and_no_other() {
    let server = Server::start().await;
    let tenant = server.world.tenant("alpha", &["ППО № 1"]).await;
    let (api, parts) = (Api::of(&server.schema).await, parts().await);
    let people =
        [server.world.viewer(&tenant, "administrator").await, server.world.viewer(&tenant, "member").await];
    for module in MODULES {
        let switched = switch(MODULES, [module.name.to_owned()]).expect("it is one of them");
        assert!(switched.refused.iter().any(|word| word == module.name), "{} stays on", module.name);
        let gone = |field: &RootField| {
            let path = format!("{} {}", field.operation, field.name);
            switched.refused.iter().any(|word| {
                parts[word.as_str()].contains(&path) || TAKEN.contains(&(word.as_str(), field.name.as_str()))
            }) && !OPEN.iter().any(|(open, _)| *open == field.name)
        };
        let mut refused = 0;
        for viewer in &people {
            let off = ModulesOff::new(switched.refused.iter().cloned());
            let viewer = Viewer { off, ..viewer.clone() };
            for field in api.root_fields() {
                let reason = knock(&server, &api, &field, &viewer).await;
                let told = reason.as_deref() == Some("module_off");
                refused += usize::from(told);
                assert_eq!(
                    told,
                    gone(&field),
                    "{} off: {} {} answers {reason:?}",
                    module.name,
                    field.operation,
                    field.name
                );
            }
        }
        assert!(refused > 0, "nothing of {} was refused", module.name);
    }
}

#[tokio::test]
async fn every_module_but_the_register_can_be_switched_off() {
    let folders = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../modules"));
    let modules: BTreeSet<String> = folders
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| name != "members")
        .collect();
    let switchable: BTreeSet<String> = MODULES.iter().map(|module| module.name.to_owned()).collect();
    assert_eq!(switchable, modules);
    for module in MODULES {
        for (text, alphabet) in [(module.title.ru, 'а'..='я'), (module.title.en, 'a'..='z')] {
            assert!(text.to_lowercase().chars().any(|sign| alphabet.contains(&sign)), "{}", module.name);
        }
    }
}
