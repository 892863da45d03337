//! Every list of the API costs something: `first` times what is below it, or so many times as the reviewed list says.
//! Without that, three lists inside of one another are a few bytes for the caller and minutes for the server.
//!
//! Costs are the engine's own: each field is asked for with one leaf below it and with more, and the difference tells
//! by how much the field multiplies. Nothing is executed.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use async_graphql::{
    Request, ServerError, ValidationResult,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextValidation},
};
use async_trait::async_trait;
use futures_util::StreamExt;
use guards::fields::{Field, Types};
use plenum_server::schema::{self, Mutation, Query, Schema, Subscription};

/// Lists without pages, reviewed: how many rows there are at most, and as how many they are counted. Lists of scalars
/// cost one: nothing hangs below them. `tests/guards/lists.txt` says which; each line has the bound's reason.
fn reviewed() -> BTreeMap<String, (usize, usize)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("lists.txt");
    let text = fs::read_to_string(path).expect("lists.txt is there");
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let number = |at: usize| words[at].parse().unwrap_or_else(|_| panic!("no number in {line:?}"));
            assert!(words.len() > 3, "a line is `Type.field most counted why`: {line:?}");
            (words[0].to_owned(), (number(1), number(2)))
        })
        .collect()
}

/// Ends an operation before it is executed, and tells what it costs.
struct Weigh;

impl ExtensionFactory for Weigh {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait]
impl Extension for Weigh {
    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        let result = next.run(ctx).await?;
        Err(vec![ServerError::new(format!("costs {}", result.complexity), None)])
    }
}

/// What an operation costs.
struct Scales {
    schema: Schema,
    /// Lists without pages, as they are reviewed.
    lists: BTreeMap<String, (usize, usize)>,
}

impl Scales {
    fn new() -> Self {
        let schema = Schema::build(Query::default(), Mutation::default(), Subscription::default());
        Self { schema: schema.extension(Weigh).finish(), lists: reviewed() }
    }

    async fn cost(&self, operation: &str) -> usize {
        let request = Request::new(operation);
        let mut answers = self.schema.execute_stream(request);
        let answer = answers.next().await.expect("an answer");
        let said = answer.errors.first().map(|error| error.message.as_str()).unwrap_or_default();
        let cost = said.strip_prefix("costs ").and_then(|cost| cost.parse().ok());
        cost.unwrap_or_else(|| panic!("{operation}: {:?}", answer.errors))
    }

    /// By how much the cost grows with each value of this type that is selected where `*` stands; by the cheapest one.
    async fn slope(&self, types: &Types, operation: &str, name: &str) -> usize {
        let mut least = None;
        for (leaf, weight) in types.leaves(name, &|list| self.lists.get(list).map(|(_, counted)| *counted)) {
            let leaves = |count: usize| -> String {
                let alias = |n: usize| match leaf.split_once("* ") {
                    Some((before, after)) => format!("{before}x{n}: {after} "),
                    None => format!("x{n}: {leaf} "),
                };
                (0..count).map(alias).collect()
            };
            let one = self.cost(&operation.replace('*', &leaves(1))).await;
            let more = self.cost(&operation.replace('*', &leaves(11))).await;
            let slope = (more - one) / (10 * weight);
            least = Some(least.map_or(slope, |least: usize| least.min(slope)));
        }
        least.unwrap_or_else(|| panic!("nothing can be selected in {name}"))
    }
}

/// Whether it is a page: then what multiplies is the field that returns it, and not its parts.
fn is_page(name: &str) -> bool {
    ["Connection", "Page", "Changes"].iter().any(|end| name.ends_with(end))
}

/// By how much a field multiplies what is below it when so many rows are asked for.
async fn factor(scales: &Scales, types: &Types, way: (&str, &str), field: &Field, rows: usize) -> usize {
    let (name, way) = way;
    let along = scales.slope(types, way, name).await;
    assert!(along > 0, "{way} hides the cost of what is below");
    let call = format!("{} {{ * }}", types.call(field, rows));
    scales.slope(types, &way.replace('*', &call), &field.of).await / along
}

/// What is wrong with a field, if anything is. What was found in the list is taken out of it.
async fn fault(
    scales: &Scales,
    types: &Types,
    way: (&str, &str),
    field: &Field,
    reviewed: &mut BTreeMap<String, (usize, usize)>,
    what: &str,
) -> Option<String> {
    if !types.is_composite(&field.of) {
        let known = reviewed.remove(what).is_some_and(|(_, counted)| counted == 1);
        return (field.list && !known)
            .then(|| "is a list: say in lists.txt how long it is at most, counted as 1".to_owned());
    }
    let one = factor(scales, types, way, field, 1).await;
    if one == 0 {
        return Some("hides the cost of what is below it".to_owned());
    }
    if !field.list && !is_page(&field.of) {
        return None;
    }
    if field.is_counted() {
        let hundred = factor(scales, types, way, field, 100).await;
        return (one != 1 || hundred != 100).then(|| {
            format!("multiplies by {one} for one row and by {hundred} for a hundred: use cost::page(first, child_complexity)")
        });
    }
    match reviewed.remove(what) {
        Some((most, counted)) if counted == one && most >= one => None,
        Some((_, counted)) => {
            Some(format!("is counted as {one} rows by the code, as {counted} by lists.txt"))
        }
        None => Some(format!(
            "is a list without pages (counted as {one}): say in lists.txt how long it is at most"
        )),
    }
}

#[tokio::test]
async fn every_list_has_a_cost() {
    let scales = Scales::new();
    let types =
        Types::of(&Schema::build(Query::default(), Mutation::default(), Subscription::default()).finish())
            .await;
    let mut reviewed = reviewed();
    let mut faults = Vec::new();
    for (name, way) in types.ways() {
        for field in types.fields(&name) {
            if is_page(&name) && ["nodes", "edges", "messages"].contains(&field.name.as_str()) {
                continue;
            }
            let what = format!("{name}.{}", field.name);
            if let Some(fault) = fault(&scales, &types, (&name, &way), &field, &mut reviewed, &what).await {
                faults.push(format!("{what} {fault}"));
            }
        }
    }
    faults.extend(reviewed.keys().map(|what| format!("{what} stands in lists.txt and is no list")));
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// The hole that made the rule: lists within lists, which an engine with limits of depth alone runs for minutes.
#[tokio::test]
async fn lists_within_lists_cost_more_than_is_allowed() {
    let scales = Scales::new();
    for operation in [
        "{ bodies(first: 200) { nodes { sessions(first: 200) { nodes { agenda { votes { result { ballots { choice } } } } } } } } }",
        "{ courses(first: 200) { nodes { gradebook(first: 200) { nodes { id } } } } }",
        "{ members(first: 200) { nodes { history(first: 200) { nodes { changes { field } } } } } }",
        "{ channels(first: 200) { nodes { participants(first: 200) { nodes { readSeq } } } } }",
        // Numbers whose product no machine word holds are too much and not too little.
        "{ bodies(first: 2147483647) { nodes { sessions(first: 2147483647) { nodes { body { sessions(first: 2147483647) { nodes { id } } } } } } } }",
    ] {
        let cost = scales.cost(operation).await;
        assert!(cost > schema::COSTLIEST, "{operation} costs {cost}");
    }
}
