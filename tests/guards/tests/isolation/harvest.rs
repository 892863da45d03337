//! What an organization's own people see: ids of every type, cursors, links.

use std::collections::{BTreeMap, BTreeSet};

use guards::{
    operations::{Api, RootField, Selection, last_word},
    server::Server,
};
use plenum_authz::Viewer;
use serde_json::Value;

/// So many ids of a type are kept.
const ENOUGH: usize = 12;
/// What is asked for by an id that was just found shows further ids, but not for ever.
const ROUNDS: usize = 4;

/// What was found.
#[derive(Clone, Default)]
pub struct Harvest {
    /// Ids by the type that stands before their underscore.
    ids: BTreeMap<String, Vec<String>>,
    /// Ids by the type of the schema that has them as its `id`.
    typed: BTreeMap<String, Vec<String>>,
    /// Cursors by the root field that gave them.
    pub cursors: BTreeMap<String, String>,
    /// Paths of signed links.
    pub links: BTreeSet<String>,
}

impl Harvest {
    /// Asks every query that there is, and `node` for everything that is found, until nothing new is.
    pub async fn gather(&mut self, server: &Server, api: &Api, viewer: &Viewer) {
        let nodes: BTreeSet<String> = api.nodes().into_iter().collect();
        let mut asked = BTreeSet::new();
        for _ in 0..ROUNDS {
            let before = asked.len();
            let mut operations = Vec::new();
            for field in api.root_fields() {
                if field.operation != "query" || field.name == "node" {
                    continue;
                }
                let turns = if api.id_places(&field).is_empty() { 1 } else { 3 };
                for turn in 0..turns {
                    operations.push(api.operation(&field, Selection::Deep, None, &|at, scalar| {
                        (scalar == "ID").then(|| self.own(&field, at, turn)).flatten()
                    }));
                }
            }
            for (kind, ids) in self.ids.iter().filter(|(kind, _)| nodes.contains(*kind)) {
                operations.extend(ids.iter().take(4).map(|id| api.node(kind, id)));
            }
            for operation in operations {
                if asked.insert(operation.clone()) {
                    self.note(&server.ask(viewer, &operation).await);
                }
            }
            if asked.len() == before {
                return;
            }
        }
    }

    /// Keeps what an answer shows.
    pub fn note(&mut self, answer: &Value) {
        if let Some(fields) = answer["data"].as_object() {
            for (name, value) in fields {
                if let Some(cursor) = value["pageInfo"]["endCursor"].as_str() {
                    self.cursors.entry(name.clone()).or_insert_with(|| cursor.to_owned());
                }
            }
        }
        self.collect(answer);
    }

    /// Keeps an id.
    pub fn note_id(&mut self, id: &str) {
        if let Some(kind) = kind_of_id(id) {
            keep(self.ids.entry(kind.to_owned()).or_default(), id);
        }
    }

    fn collect(&mut self, value: &Value) {
        match value {
            Value::String(text) => {
                self.note_id(text);
                if let Some(at) = text.find("/files/") {
                    self.links.insert(text[at..].to_owned());
                }
            }
            Value::Array(all) => all.iter().for_each(|one| self.collect(one)),
            Value::Object(all) => {
                if let (Some(Value::String(kind)), Some(Value::String(id))) =
                    (all.get("__typename"), all.get("id"))
                {
                    // The roles that every organization has are called by the same names everywhere.
                    if kind != "Role" || kind_of_id(id).is_some() {
                        keep(self.typed.entry(kind.clone()).or_default(), id);
                    }
                }
                all.values().for_each(|one| self.collect(one));
            }
            _ => {}
        }
    }

    /// One id of each type. Those that are told apart by nothing but the type that has them (the choices of an
    /// attempt) are there by that.
    pub fn one_of_each(&self) -> BTreeMap<&str, &str> {
        let untyped = self.typed.iter().filter(|(_, ids)| ids.iter().all(|id| kind_of_id(id).is_none()));
        self.ids.iter().chain(untyped).map(|(kind, ids)| (kind.as_str(), ids[0].as_str())).collect()
    }

    /// The ids of these types.
    pub fn ids_of(&self, kinds: &[String]) -> BTreeMap<&str, &[String]> {
        let is_wanted = |kind: &str| kinds.iter().any(|wanted| wanted == kind);
        self.ids
            .iter()
            .filter(|(kind, _)| is_wanted(kind))
            .map(|(kind, ids)| (kind.as_str(), &ids[..]))
            .collect()
    }

    /// All ids.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.ids.iter().chain(&self.typed);
        all.flat_map(|(kind, ids)| ids.iter().map(move |id| (kind.as_str(), id.as_str())))
    }

    /// The types of the schema of which something was seen.
    pub fn types(&self) -> BTreeSet<&str> {
        self.typed.keys().chain(self.ids.keys()).map(String::as_str).collect()
    }

    /// An id of the organization's own for an argument, by the argument's name, as a literal; `turn` picks among
    /// several. One foreign id among good ones is found out only when the others are good.
    pub fn own(&self, field: &RootField, path: &str, turn: usize) -> Option<String> {
        let kind = kind_of_argument(field, path);
        let ids = self.ids.get(&kind).or_else(|| self.typed.get(&kind))?;
        Some(format!("\"{}\"", ids[turn % ids.len()]))
    }
}

/// The type of what an argument names, by the argument's name.
pub fn kind_of_argument(field: &RootField, path: &str) -> String {
    let kind = match last_word(path) {
        "materials" | "files" | "video" => "File",
        "parent" | "units" => "Unit",
        "item" => "AgendaItem",
        "import" => "MemberImport",
        "export" => "TenantExport",
        "transfer" => "MemberTransfer",
        "replyTo" => "Message",
        "mentions" | "accounts" | "assignee" | "controller" | "executor" | "actor" => "Account",
        // What an entry of the audit is about may be anything.
        "subject" => "Member",
        "step" => "RouteStep",
        "organizations" => "Tenant",
        "list" if field.name.to_lowercase().contains("bank") => "BankList",
        "list" => "MailingList",
        "bodies" => "Body",
        "members" => "Member",
        "channels" => "Channel",
        "exemption" => "DuesExemption",
        "entry" => "LedgerEntry",
        "run" => "ChargeRun",
        "sections" => "Section",
        "lessons" => "Lesson",
        "questions" => "Question",
        "invitation" if field.name.contains("Course") => "CourseInvitation",
        "grant" => "RoleGrant",
        "session" if field.name.contains("WebSession") => "WebSession",
        "role" => "OwnRole",
        "chosen" | "left" | "right" => "AttemptChoice",
        "id" if field.name == "node" => "Member",
        "id" if field.name == "developmentLetter" => "Letter",
        "id" => return capitalized(&field.name),
        other => return capitalized(other),
    };
    kind.to_owned()
}

/// The type before the underscore of an id, when it is one.
pub fn kind_of_id(text: &str) -> Option<&str> {
    let (kind, digits) = text.split_once('_')?;
    let is_id = kind.bytes().all(|b| b.is_ascii_alphabetic())
        && digits.len() == 32
        && digits.bytes().all(|b| b.is_ascii_hexdigit());
    is_id.then_some(kind)
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string()).unwrap_or_default() + letters.as_str()
}

fn keep(ids: &mut Vec<String>, id: &str) {
    if ids.len() < ENOUGH && !ids.iter().any(|known| known == id) {
        ids.push(id.to_owned());
    }
}
