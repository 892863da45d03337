//! The other side of the walk: the organization's own administrator makes the same calls and is answered. A walk whose
//! calls nobody could make with success would prove nothing.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::Request;
use futures_util::StreamExt;
use guards::{
    operations::{Api, RootField, Selection, last_word},
    server::Server,
};
use serde_json::Value;

use crate::{fill::Filled, personas::PASSWORD, walk::answered};

/// So many ids of each type are tried for a call.
const TURNS: usize = 8;

/// Verbs that take away what others need: called after all others.
const LAST: &[&str] = &[
    "end", "leave", "close", "cancel", "reject", "refuse", "revoke", "reverse", "withdraw", "remove",
    "delete", "archive", "discard", "signOut",
];

/// Calls every root field that was not answered yet, with the organization's own ids. What remains without a good
/// answer, with the last answer to it.
pub async fn remaining(server: &Server, api: &Api, filled: &Filled) -> BTreeMap<String, String> {
    let viewer = &filled.administrator;
    let mut good: BTreeSet<String> = BTreeSet::new();
    let told = server.answered.lock().expect("nobody panicked").clone();
    let fields = api.root_fields();
    for (_, answer) in told.iter().filter(|(tenant, _)| *tenant == viewer.tenant) {
        for field in &fields {
            if field.operation != "subscription" && is_good(api, field, answer) {
                good.insert(key(field));
            }
        }
    }
    let mut last = BTreeMap::new();
    let mut order: Vec<&RootField> = fields.iter().filter(|field| !good.contains(&key(field))).collect();
    order.sort_by_key(|field| {
        let verb = LAST.iter().position(|verb| field.name.starts_with(verb)).map_or(0, |at| at + 1);
        (field.operation == "mutation", verb)
    });
    for field in order {
        for turn in 0..TURNS {
            let operation = api.operation(field, Selection::Shallow, None, &|at, scalar| match scalar {
                "ID" => filled.harvest.own(field, at, turn),
                _ => special(field, at),
            });
            let request = Request::new(&operation).data(server.world.scope(Some(viewer)));
            let answer = if field.operation == "subscription" {
                let mut answers = Box::pin(server.schema.execute_stream(request));
                answers.next().await.expect("a subscription answers")
            } else {
                server.schema.execute(request).await
            };
            let answer = serde_json::to_value(answer).expect("an answer is plain data");
            if is_good(api, field, &answer) {
                last.remove(&key(field));
                break;
            }
            last.insert(key(field), format!("{operation} -> {answer}"));
        }
    }
    last
}

/// Values that no default fits.
pub fn special(field: &RootField, path: &str) -> Option<String> {
    match (field.name.as_str(), last_word(path)) {
        // A share of one half.
        ("createBody", "denominator") => Some("2".to_owned()),
        ("changeRole", "permissions") | ("whoCan", "permission") => Some("\"members.view\"".to_owned()),
        ("signInOption", "organization") => Some("\"alpha\"".to_owned()),
        (_, "password") => Some(format!("\"{PASSWORD}\"")),
        _ => None,
    }
}

fn is_good(api: &Api, field: &RootField, answer: &Value) -> bool {
    let status = &answer["data"][&field.name]["status"];
    answered(answer, &field.name) && (!api.answers_with(field, "status") || status == "OK")
}

/// Operation and name: a query and a subscription may be called alike.
pub fn key(field: &RootField) -> String {
    format!("{} {}", field.operation, field.name)
}
