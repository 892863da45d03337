//! The walk itself: every root field, and in it every place that takes an id, with an id of every type.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};

use guards::{
    operations::{Api, RootField, Selection},
    server::Server,
};
use serde_json::Value;

use crate::{
    answers::Secrets,
    harvest::{Harvest, kind_of_argument},
    personas::Persona,
};

/// An id that nothing has, without a type: no argument takes it.
const UNTYPED: &str = "Nothing_0193a0000000700080000000000000ff";
/// The digits of an id that nothing has.
const ABSENT: &str = "0193a0000000700080000000000000ff";

/// Walks through an API with what was harvested in the organization that is walked at.
pub struct Walk<'a> {
    pub server: &'a Server,
    pub api: &'a Api,
    /// Of the organization that must not be reached.
    pub theirs: &'a Harvest,
    pub secrets: &'a Secrets,
    /// What went wrong.
    pub faults: &'a Faults,
    /// Root fields that show what they should not, and why it is so for now.
    pub known: &'a [(&'a str, &'a str)],
}

/// What went wrong: all of it is told together, for one guard that is missing opens several fields.
#[derive(Default)]
pub struct Faults(Mutex<Vec<String>>);

/// So many faults end a walk before its end.
const TOO_MANY: usize = 20;

impl Faults {
    /// Notes one.
    pub fn note(&self, fault: String) {
        let mut all = self.0.lock().expect("nobody panicked");
        all.push(fault);
        assert!(all.len() < TOO_MANY, "{}", all.join("\n"));
    }

    /// Fails when there are any.
    pub fn assert_none(&self) {
        let all = self.0.lock().expect("nobody panicked");
        assert!(all.is_empty(), "{}", all.join("\n"));
    }
}

/// What was done.
#[derive(Default)]
pub struct Steps {
    /// Calls with an id of the other organization.
    pub tried: usize,
    /// Field and place.
    pub places: BTreeSet<String>,
    /// The types whose ids are answered differently from an id without a type.
    pub taken: Taken,
}

/// Types by field and place.
pub type Taken = BTreeMap<String, BTreeSet<String>>;

impl Walk<'_> {
    /// An outsider tries every id at every place: nothing is shown, and each answer is the one for an identifier that
    /// does not exist. `own` are the outsider's own ids, for the other arguments; at `elsewhere` the same person names
    /// an organization that does not exist, and gets the same answers.
    ///
    /// The first to walk tries the ids of all types at every place. The others try the type that the argument is called by,
    /// those which were answered differently from an id without a type, and one more, another at each place.
    pub async fn outside(
        &self,
        persona: &Persona,
        own: &Harvest,
        elsewhere: Option<&Persona>,
        taken: Option<&Taken>,
    ) -> Steps {
        let mut steps = Steps::default();
        for field in self.api.root_fields() {
            for place in self.api.id_places(&field) {
                let call = |id: &str, selection| self.with(&field, &place, id, own, selection);
                let untyped = persona.call(self.server, &call(UNTYPED, Selection::Shallow)).await;
                let untyped = self.secrets.comparable(&untyped, UNTYPED);
                if let Some(elsewhere) = elsewhere {
                    let nowhere = elsewhere.call(self.server, &call(UNTYPED, Selection::Shallow)).await;
                    let nowhere = self.secrets.comparable(&nowhere, UNTYPED);
                    if untyped != nowhere {
                        let said = format!("{untyped}\n  and not {nowhere}");
                        self.fault(persona, &field, &place, "", &format!("tells that A exists: {said}"));
                    }
                }
                let key = format!("{} {} {place}", field.operation, field.name);
                for (kind, id) in self.ids_for(&field, &place, taken, steps.places.len()) {
                    let answer = persona.call(self.server, &call(id, Selection::Shallow)).await;
                    self.assert_nothing(persona, &field, &place, id, &answer);
                    steps.tried += 1;
                    let mut answers = [self.secrets.comparable(&answer, id), untyped.clone()];
                    if answers[0] != answers[1] {
                        steps.taken.entry(key.clone()).or_default().insert(kind.to_owned());
                        let absent = absent(kind, id);
                        let nothing = persona.call(self.server, &call(&absent, Selection::Shallow)).await;
                        answers[1] = self.secrets.comparable(&nothing, &absent);
                    }
                    if answers[0] != answers[1] {
                        // What the first call changed of B's own makes the second another: once more decides.
                        let again = persona.call(self.server, &call(id, Selection::Shallow)).await;
                        self.assert_nothing(persona, &field, &place, id, &again);
                        answers[0] = self.secrets.comparable(&again, id);
                    }
                    if answers[0] != answers[1] {
                        let said = format!("{}\n  and not {}", answers[0], answers[1]);
                        let said = format!("tells that A's {kind} exists: {said}");
                        self.fault(persona, &field, &place, id, &said);
                    }
                    if field.operation == "query" && answered(&answer, &field.name) {
                        let deep = persona.call(self.server, &call(id, Selection::Deep)).await;
                        self.assert_nothing(persona, &field, &place, id, &deep);
                    }
                }
                steps.places.insert(key);
            }
        }
        steps
    }

    /// Somebody of another unit tries the same: the unit's own canary is never shown.
    pub async fn beside(&self, persona: &Persona, taken: &Taken) -> Steps {
        let mut steps = Steps::default();
        for field in self.api.root_fields() {
            for place in self.api.id_places(&field) {
                for (_, id) in self.ids_for(&field, &place, Some(taken), steps.places.len()) {
                    let call = |selection| self.with(&field, &place, id, self.theirs, selection);
                    let answer = persona.call(self.server, &call(Selection::Shallow)).await;
                    self.assert_nothing(persona, &field, &place, id, &answer);
                    if field.operation == "query" && answered(&answer, &field.name) {
                        let deep = persona.call(self.server, &call(Selection::Deep)).await;
                        self.assert_nothing(persona, &field, &place, id, &deep);
                    }
                    steps.tried += 1;
                }
                steps.places.insert(format!("{} {} {place}", field.operation, field.name));
            }
        }
        steps
    }

    /// Every query as it is, then with a beginning of the canaries in every place that takes text, then after every
    /// cursor that the other organization's people got.
    pub async fn queries(&self, persona: &Persona, own: &Harvest, words: &[&str]) {
        for field in self.api.root_fields().iter().filter(|field| field.operation == "query") {
            let mut places: Vec<(String, String)> = vec![(String::new(), String::new())];
            for place in self.api.text_places(field) {
                places.extend(words.iter().map(|word| (place.clone(), (*word).to_owned())));
            }
            for place in self.api.cursor_places(field) {
                places.extend(self.theirs.cursors.values().map(|cursor| (place.clone(), cursor.clone())));
            }
            for (place, text) in places {
                let operation = self.api.operation(field, Selection::Deep, Some(&place), &|at, scalar| {
                    if at == place {
                        return Some(format!("\"{text}\""));
                    }
                    (scalar == "ID").then(|| own.own(field, at, 0)).flatten()
                });
                let answer = persona.call(self.server, &operation).await;
                self.assert_nothing(persona, field, &place, &text, &answer);
            }
        }
    }

    /// Every mutation that takes no id, the end of the session last.
    pub async fn idless_mutations(&self, persona: &Persona) {
        let mut fields: Vec<RootField> = self.api.root_fields();
        fields.retain(|field| field.operation == "mutation" && self.api.id_places(field).is_empty());
        fields.sort_by_key(|field| field.name == "signOut");
        for field in &fields {
            let operation = self.api.operation(field, Selection::Deep, None, &|_, _| None);
            let answer = persona.call(self.server, &operation).await;
            self.assert_nothing(persona, field, "", "", &answer);
        }
    }

    fn ids_for(
        &self,
        field: &RootField,
        place: &str,
        taken: Option<&Taken>,
        turn: usize,
    ) -> Vec<(&str, &str)> {
        let all: Vec<(&str, &str)> = self.theirs.one_of_each().into_iter().collect();
        let Some(taken) = taken else { return all };
        let taken = taken.get(&format!("{} {} {place}", field.operation, field.name));
        let called = kind_of_argument(field, place);
        let one_more = turn % all.len();
        let is_wanted = |at: usize, kind: &str| {
            at == one_more || kind == called || taken.is_some_and(|taken| taken.contains(kind))
        };
        all.into_iter()
            .enumerate()
            .filter(|(at, (kind, _))| is_wanted(*at, kind))
            .map(|(_, one)| one)
            .collect()
    }

    fn with(&self, field: &RootField, place: &str, id: &str, own: &Harvest, selection: Selection) -> String {
        self.api.operation(field, selection, Some(place), &|at, scalar| {
            if at == place {
                return Some(format!("\"{id}\""));
            }
            (scalar == "ID").then(|| own.own(field, at, 0)).flatten()
        })
    }

    fn assert_nothing(&self, persona: &Persona, field: &RootField, place: &str, sent: &str, answer: &Value) {
        let answer = answer.to_string();
        if let Some(secret) = self.secrets.found_in(&answer, sent) {
            let is_known = self.known.iter().any(|(name, _)| field.name == *name);
            if is_known {
                return;
            }
            self.fault(persona, field, place, sent, &format!("shows {secret}: {answer}"));
        }
    }

    fn fault(&self, persona: &Persona, field: &RootField, place: &str, sent: &str, what: &str) {
        let RootField { operation, name, .. } = field;
        self.faults.note(format!("{}: {operation} {name}({place}: {sent}) {what}", persona.name));
    }
}

/// Whether a root field answered with something.
pub fn answered(answer: &Value, field: &str) -> bool {
    answer["errors"].is_null() && !answer["data"][field].is_null()
}

/// An id of the same form that nothing has.
fn absent(kind: &str, id: &str) -> String {
    if id.starts_with(&format!("{kind}_")) {
        return format!("{kind}_{ABSENT}");
    }
    // An id that is no typed one: as many other characters.
    id.chars()
        .map(|c| {
            if c.is_ascii_digit() {
                '0'
            } else if c.is_ascii_hexdigit() {
                'f'
            } else {
                c
            }
        })
        .collect()
}
