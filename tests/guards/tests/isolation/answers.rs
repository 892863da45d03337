//! What an answer must not hold, and when two answers are the same.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{fill::Words, harvest::Harvest};

/// What nobody outside may ever read.
pub struct Secrets {
    words: Vec<String>,
    /// The digits of ids.
    ids: BTreeSet<String>,
    /// Those of them that the walk sends: whoever sends one may find it again where it was kept.
    sent: BTreeSet<String>,
}

impl Secrets {
    /// The words and the ids of an organization. That it exists, and under which id, is no secret: organizations of a
    /// federation are told to each other.
    pub fn of(words: Words, harvest: &Harvest) -> Self {
        let ids = harvest.all().filter(|(kind, _)| *kind != "Tenant").filter_map(|(_, id)| digits_of(id));
        Self {
            words: vec![words.organization.to_uppercase(), words.unit.to_uppercase()],
            ids: ids.collect(),
            sent: harvest.one_of_each().values().filter_map(|id| digits_of(id)).collect(),
        }
    }

    /// One word alone.
    pub fn word(word: &str) -> Self {
        Self { words: vec![word.to_uppercase()], ids: BTreeSet::new(), sent: BTreeSet::new() }
    }

    /// What an answer gives away; it may repeat what was sent.
    pub fn found_in(&self, answer: &str, sent: &str) -> Option<String> {
        let answer = if sent.is_empty() { answer.to_owned() } else { answer.replace(sent, "") };
        let shown = answer.to_uppercase();
        if let Some(word) = self.words.iter().find(|word| shown.contains(*word)) {
            return Some(word.clone());
        }
        ids_in(&answer)
            .find(|digits| self.ids.contains(*digits) && !self.sent.contains(*digits))
            .map(str::to_owned)
    }

    /// An answer as it is compared: it may repeat what was asked, and what a call makes has a new id, and a link to it,
    /// each time. That no link leads to what is A's is looked at apart.
    pub fn comparable(&self, answer: &Value, sent: &str) -> String {
        let answer = answer.to_string().replace(sent, "<the id>");
        let mut text = answer.clone();
        for digits in ids_in(&answer) {
            if !self.ids.contains(digits) {
                text = text.replace(digits, "<an id>");
            }
        }
        without_links(&text)
    }
}

/// The text with each signed link told as one.
fn without_links(text: &str) -> String {
    let mut parts = text.split("\"/files/");
    let mut told = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        told.push_str("\"<a link>");
        told.push_str(part.split_once('"').map_or("", |(_, rest)| rest));
    }
    told
}

fn digits_of(id: &str) -> Option<String> {
    ids_in(id).next().map(str::to_owned)
}

/// Runs of 32 hexadecimal digits behind an underscore, or alone.
fn ids_in(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_hexdigit()).filter(|run| run.len() == 32)
}
