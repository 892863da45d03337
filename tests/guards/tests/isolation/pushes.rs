//! Pushes: B watches while A acts, and hears nothing of it.

use std::pin::Pin;

use futures_util::{FutureExt, Stream, StreamExt};
use guards::{operations::Selection, server::Server};
use plenum_authz::Viewer;
use plenum_kernel::{TypedId, UnitId};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    fill::{Filled, Words},
    harvest::Harvest,
    personas::Persona,
    walk::Walk,
};

type Answers = Pin<Box<dyn Stream<Item = Value> + Send>>;

/// Opens every subscription as a persona of B, with each id of A at each place and with its own. Then A acts, then B.
/// When B's own news has come, A's was long told: what the others then hold must be empty of it.
pub async fn watch(walk: &Walk<'_>, persona: &Persona, own: &Filled, a: (&Filled, Words), unit: UnitId) {
    let (server, api) = (walk.server, walk.api);
    let mut open: Vec<(String, Answers)> = Vec::new();
    let mut marker: Option<Answers> = None;
    for field in api.root_fields().into_iter().filter(|field| field.operation == "subscription") {
        let places = api.id_places(&field);
        let mut operations = vec![api.operation(&field, Selection::Deep, None, &|at, scalar| {
            (scalar == "ID").then(|| own.harvest.own(&field, at, 0)).flatten()
        })];
        for place in &places {
            for (_, id) in walk.theirs.one_of_each() {
                operations.push(api.operation(&field, Selection::Deep, Some(place), &|at, scalar| {
                    if at == place {
                        Some(format!("\"{id}\""))
                    } else {
                        (scalar == "ID").then(|| own.harvest.own(&field, at, 0)).flatten()
                    }
                }));
            }
        }
        for operation in operations {
            let mut answers: Answers = Box::pin(persona.follow(server, &operation));
            let first = answers.next().await.unwrap_or_default();
            nothing_in(walk, persona, &operation, &first);
            if field.name == "channelList" {
                marker = Some(answers);
            } else {
                open.push((operation, answers));
            }
        }
    }
    act(server, &a.0.administrator, a.1.unit, unit, &a.0.harvest).await;
    let mut marker = marker.expect("somebody watches the list of channels");
    // B's own act, in a channel that B watches: news that has to come.
    let channel = own.harvest.all().find(|(kind, _)| *kind == "Channel").expect("B has a channel").1;
    let client = Uuid::now_v7();
    let said = server
        .ask(
            &own.administrator,
            &format!(
                "mutation {{ sendMessage(input: {{ channel: \"{channel}\", clientId: \"{client}\", text: \"знак\" }}) {{ id }} }}"
            ),
        )
        .await;
    assert!(said["errors"].is_null(), "{said}");
    let news = tokio::time::timeout(std::time::Duration::from_secs(60), marker.next()).await;
    let news = news.expect("B hears of its own act").expect("the stream lives");
    assert!(news["errors"].is_null(), "{news}");
    nothing_in(walk, persona, "channelList", &news);
    for (operation, mut answers) in open {
        while let Some(Some(answer)) = answers.next().now_or_never() {
            nothing_in(walk, persona, &operation, &answer);
        }
    }
}

/// A says something in each of its channels, and changes what can be watched.
async fn act(server: &Server, viewer: &Viewer, canary: &str, unit: UnitId, harvest: &Harvest) {
    let mut steps = vec![format!(
        "mutation {{ addMember(input: {{ unit: \"{}\", surname: \"{canary}\", givenName: \"Глафира\", birthDate: \"1990-02-01\" }}) {{ status }} }}",
        unit.global()
    )];
    for (_, channel) in harvest.all().filter(|(kind, _)| *kind == "Channel") {
        let client = Uuid::now_v7();
        steps.push(format!(
            "mutation {{ sendMessage(input: {{ channel: \"{channel}\", clientId: \"{client}\", text: \"{canary}\" }}) {{ id }} }}"
        ));
    }
    let mut done = 0;
    for step in steps {
        done += usize::from(server.ask(viewer, &step).await["errors"].is_null());
    }
    assert!(done >= 2, "A did nothing that could be heard");
}

fn nothing_in(walk: &Walk<'_>, persona: &Persona, operation: &str, answer: &Value) {
    if let Some(secret) = walk.secrets.found_in(&sent_removed(walk, operation, answer), "") {
        walk.faults.note(format!("{}: {operation} pushes {secret}: {answer}", persona.name));
    }
}

/// The answer without the ids that the operation itself named.
fn sent_removed(walk: &Walk<'_>, operation: &str, answer: &Value) -> String {
    let mut text = answer.to_string();
    for (_, id) in walk.theirs.one_of_each() {
        if operation.contains(id) {
            text = text.replace(id, "");
        }
    }
    text
}
