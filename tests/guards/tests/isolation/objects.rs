//! Within an organization: what the holder of each role may do with what belongs to the first unit, when the role is
//! given in that unit, and when it is given in another. Kept as a page of the documentation.

use std::{collections::BTreeMap, fmt::Write, fs, path::Path};

use async_graphql::{Request, Response};
use futures_util::StreamExt;
use guards::{
    operations::{Api, RootField, Selection},
    server::Server,
};
use plenum_authz::Viewer;

use crate::{
    OF_A,
    fill::{Filled, fill},
    tour::special,
};

/// Where the table is kept, from the crate's folder.
const PAGE: &str = "../../docs/reference/permissions-on-objects.md";

/// The roles, those that may least first: what one changes, the next finds changed.
const ROLES: &[&str] = &[
    "member",
    "body_member",
    "auditor",
    "course_author",
    "mailing_editor",
    "press_officer",
    "body_chair",
    "body_secretary",
    "training_head",
    "clerk",
    "treasurer",
    "register_keeper",
    "primary_chair",
    "administrator",
];

/// Who lost every role.
const NO_ROLE: &str = "no role";

/// How a call was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Verdict {
    access: Access,
    /// Whether a canary of the first unit is in the answer.
    shown: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    /// Nothing was refused.
    Open,
    /// A field within the answer was refused.
    Partly,
    /// The call was refused.
    Refused,
    /// The thing is not there, for this caller.
    Hidden,
}

/// A filled organization, and everybody in it.
struct Stage {
    server: Server,
    api: Api,
    filled: Filled,
    /// Where the role is given, which role, who has it.
    callers: Vec<(Place, &'static str, Viewer)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Beside,
    Here,
}

/// An operation, and what the table calls it.
struct Call {
    name: String,
    is_subscription: bool,
    operation: String,
}

impl Stage {
    async fn set() -> Self {
        let server = Server::start().await;
        let api = Api::of(&server.schema).await;
        let a = server.world.tenant("alpha", &["ППО № 1", "ППО № 2"]).await;
        let filled = fill(&server, &api, &a, OF_A).await;
        let mut callers = Vec::new();
        // Who has a part in everything, and lost every role.
        let mut former = filled.administrator.clone();
        former.grants.clear();
        callers.push((Place::Here, NO_ROLE, former));
        for (place, unit) in [(Place::Beside, a.units[1]), (Place::Here, a.units[0])] {
            for role in ROLES {
                callers.push((place, *role, server.world.viewer_in(&a, role, unit).await));
            }
        }
        Self { server, api, filled, callers }
    }

    /// The fields that take an id, or show a list.
    fn fields(&self) -> Vec<RootField> {
        let mut fields = self.api.root_fields();
        fields.retain(|field| field.operation != "mutation" || !self.api.id_places(field).is_empty());
        fields
    }

    /// What is called: every field that takes an id or shows a list, and `node` for a thing of each type.
    fn calls(&self, turn: usize) -> Vec<Call> {
        let fields = self.fields().into_iter().map(|field| {
            let selection = if field.operation == "query" { Selection::Deep } else { Selection::Shallow };
            let operation = self.api.operation(&field, selection, None, &|at, scalar| match scalar {
                "ID" => self.filled.harvest.own(&field, at, turn),
                _ => special(&field, at),
            });
            Call { name: field.name, is_subscription: field.operation == "subscription", operation }
        });
        let nodes = self.api.nodes();
        let ids = self.filled.harvest.ids_of(&nodes);
        let nodes = ids.into_iter().filter_map(|(kind, ids)| {
            let operation = self.api.node(kind, ids.get(turn)?);
            Some(Call { name: format!("node({kind})"), is_subscription: false, operation })
        });
        let mut calls: Vec<Call> = nodes.chain(fields).collect();
        // What a mutation changed would show in the answers of queries.
        calls.sort_by_key(|call| call.operation.starts_with("mutation"));
        calls
    }

    /// `node` for a thing of each type, one way down from it at a time: what is refused on one way would hide what is
    /// refused on another. And what subscriptions tell, whole.
    #[cfg(feature = "mutants")]
    fn ways(&self, turn: usize) -> Vec<Call> {
        let nodes = self.api.nodes();
        let ids = self.filled.harvest.ids_of(&nodes);
        let things = ids.into_iter().filter_map(|(kind, ids)| Some((kind, ids.get(turn)?.clone())));
        let ways = things.flat_map(|(kind, id)| self.api.node_by_ways(kind, &id));
        let ways = ways.map(|(name, operation)| Call { name, is_subscription: false, operation });
        let told = self.fields().into_iter().filter(|field| field.operation == "subscription");
        let told = told.map(|field| {
            let operation = self.api.operation(&field, Selection::Deep, None, &|at, scalar| match scalar {
                "ID" => self.filled.harvest.own(&field, at, turn),
                _ => special(&field, at),
            });
            Call { name: field.name, is_subscription: true, operation }
        });
        ways.chain(told).collect()
    }

    async fn verdict(&self, call: &Call, caller: &Viewer) -> Verdict {
        self.in_detail(call, caller).await.0
    }

    /// The same, with everything that was wrong, where, and by which code; and with every yes and no of the answer.
    async fn in_detail(&self, call: &Call, caller: &Viewer) -> (Verdict, Vec<String>) {
        let request = Request::new(&call.operation).data(self.server.world.scope(Some(caller)));
        let answer: Response = if call.is_subscription {
            let mut answers = Box::pin(self.server.schema.execute_stream(request));
            answers.next().await.expect("a subscription answers")
        } else {
            self.server.schema.execute(request).await
        };
        let mut access = Access::Open;
        let mut wrong = Vec::new();
        for error in &answer.errors {
            wrong.push(format!("{:?} {:?}", error.path, error.extensions));
            let code = match error.extensions.as_ref().and_then(|all| all.get("code")) {
                Some(async_graphql::Value::String(code)) => code.as_str(),
                _ => "",
            };
            let at_root = error.path.len() <= 1;
            access = match (code, at_root) {
                ("FORBIDDEN", true) => Access::Refused,
                ("FORBIDDEN", false) if access == Access::Open => Access::Partly,
                ("NOT_FOUND", true) => Access::Hidden,
                ("INTERNAL", _) => panic!("{} failed: {error:?}", call.name),
                _ => access,
            };
        }
        let is_null = answer.data.to_string().ends_with(": null}");
        if access == Access::Open && is_null && answer.errors.is_empty() {
            access = Access::Hidden;
        }
        let shown = answer.data.to_string().contains(OF_A.unit);
        // What somebody may do is told as well.
        wrong.push(truths(&answer.data));
        (Verdict { access, shown }, wrong)
    }
}

impl Verdict {
    fn word(self) -> &'static str {
        match (self.access, self.shown) {
            (Access::Open, false) => "yes",
            (Access::Open, true) => "**yes**",
            (Access::Partly, false) => "partly",
            (Access::Partly, true) => "**partly**",
            (Access::Refused, _) => "no",
            (Access::Hidden, _) => "–",
        }
    }
}

/// Every yes and no of an answer, in its order.
fn truths(data: &async_graphql::Value) -> String {
    match data {
        async_graphql::Value::Boolean(truth) => u8::from(*truth).to_string(),
        async_graphql::Value::List(all) => all.iter().map(truths).collect(),
        async_graphql::Value::Object(fields) => fields.values().map(truths).collect(),
        _ => String::new(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_role_with_what_belongs_to_a_unit() {
    let stage = Stage::set().await;
    let mut table = Vec::new();
    for call in stage.calls(0) {
        let mut verdicts = Vec::new();
        for (_, _, caller) in &stage.callers {
            verdicts.push(stage.verdict(&call, caller).await);
        }
        table.push((call.name, verdicts));
    }
    let page = page(&stage, &table);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&path, &page).expect("the page can be written");
    }
    assert_eq!(
        fs::read_to_string(&path).unwrap_or_default(),
        page,
        "who may do what with the objects of a unit changed; if it should, run with UPDATE_SNAPSHOTS=1 and commit it"
    );
}

/// The page of the documentation: fields with the same answers share a row.
fn page(stage: &Stage, table: &[(String, Vec<Verdict>)]) -> String {
    let mut page = String::from(
        "# Who may do what with an object\n\n\
         Made by `tests/guards/tests/isolation/objects.rs`, which calls every field with what belongs to the first unit of\n\
         an organization: as each role given in another unit, and as each role given in that unit. It fails when an answer\n\
         is not the one in this table.\n\n\
         **yes** in bold: something of the unit is shown; *yes*: nothing was refused, though the call may have been wrong\n\
         otherwise; *partly*: a field within the answer was refused; *no*: refused; –: there is nothing for this caller.\n\
         To renew it: `UPDATE_SNAPSHOTS=1 cargo test --workspace --test isolation`.\n",
    );
    for (place, title) in
        [(Place::Beside, "Roles given in another unit"), (Place::Here, "Roles given in the unit")]
    {
        let callers: Vec<(usize, &str)> = stage
            .callers
            .iter()
            .enumerate()
            .filter(|(_, (at, ..))| *at == place)
            .map(|(at, (_, role, _))| (at, *role))
            .collect();
        let mut rows: BTreeMap<Vec<&str>, Vec<String>> = BTreeMap::new();
        for (name, verdicts) in table {
            let words = callers.iter().map(|(at, _)| verdicts[*at].word()).collect();
            rows.entry(words).or_default().push(format!("`{name}`"));
        }
        write!(page, "\n## {title}\n\n| Fields |").expect("writing to a string");
        for (_, role) in &callers {
            write!(page, " {} |", role.replace('_', " ")).expect("writing to a string");
        }
        writeln!(page, "\n| --- |{}", " --- |".repeat(callers.len())).expect("writing to a string");
        for (words, fields) in &rows {
            writeln!(page, "| {} | {} |", fields.join(" "), words.join(" | ")).expect("writing to a string");
        }
    }
    page
}

/// In the copy of the tree where guards can be taken away, `make mutate-guards`: which calls tell that one is gone.
#[cfg(feature = "mutants")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guards_that_are_away_are_missed() {
    /// So many organizations are filled: calls that are let through change what later ones find.
    const STAGES: usize = 5;
    /// So many things of each type are tried.
    const TURNS: usize = 8;
    /// The same in the apparatus of a federation.
    const NO_ROLE_OVER_ALL: &str = "no role in a federation";

    let lost_all = |role: &str| role == NO_ROLE || role == NO_ROLE_OVER_ALL;

    let mut probe = guards::probe::Probe::default();
    for turn in 0..STAGES {
        let mut stage = Stage::set().await;
        // A federation's apparatus has doors that no member organization comes to.
        let mut former = crate::lives::of_federation(&stage.server).await;
        former.grants.clear();
        stage.callers.push((Place::Here, NO_ROLE_OVER_ALL, former));
        // Whoever lost every role has a part in some things of a type and not in others.
        for which in 0..TURNS {
            let mut calls = stage.calls(which);
            // What was spoilt by earlier calls comes first the next time.
            let turned = calls.len() * turn / STAGES;
            calls.rotate_left(turned);
            let mut callers: Vec<_> =
                stage.callers.iter().filter(|(_, role, _)| which == 0 || lost_all(role)).collect();
            // A call that was let through once finds nothing the next time: those whom one guard alone keeps out come
            // first in every other turn.
            if turn % 2 == 1 {
                callers.sort_by_key(|(place, ..)| *place == Place::Here);
                let beside = callers.iter().filter(|(place, ..)| *place == Place::Beside).count();
                callers[..beside].reverse();
            }
            let ways = stage.ways(which);
            for &(place, role, ref caller) in callers {
                let ways = if lost_all(role) { &*ways } else { &[] };
                for call in ways.iter().chain(&calls) {
                    let told = format!("{} as {role} {place:?}", call.name);
                    probe.call(&told, which, async || stage.in_detail(call, caller).await).await;
                }
            }
        }
        if probe.is_done() {
            break;
        }
    }
    probe.tell();
}
