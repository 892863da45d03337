//! The registration card.

use super::{Fault, words};

words! {
    "kind of a document",
    /// What a document is.
    Kind {
        /// Came from outside.
        Incoming = "incoming",
        /// Goes outside.
        Outgoing = "outgoing",
        /// Stays inside.
        Internal = "internal",
        /// An order of the head.
        Order = "order",
        /// Minutes of an elected body.
        Minutes = "minutes",
    }
}

words! {
    "state of a document",
    /// Where a document stands on its way.
    State {
        /// Being prepared; nobody has been asked yet.
        Draft = "draft",
        /// On its route.
        Routing = "routing",
        /// Sent back for rework.
        Returned = "returned",
        /// The route was gone to its end.
        Completed = "completed",
    }
}

/// Why a card cannot be rewritten now, as a stable word; none when it can. On its route everybody decides on the same
/// card.
#[must_use]
pub const fn rewriting_refused(state: State) -> Option<&'static str> {
    match state {
        State::Routing => Some("card_on_route"),
        State::Draft | State::Returned | State::Completed => None,
    }
}

/// The longest title.
pub const LONGEST_TITLE: usize = 500;
/// The longest other text of a card, a comment, a report.
pub const LONGEST_TEXT: usize = 4_000;
/// The longest name of a correspondent, number, tag.
pub const LONGEST_LINE: usize = 300;
const MOST_TAGS: usize = 20;
const MOST_PAGES: i32 = 100_000;

/// A required text, trimmed.
///
/// # Errors
/// `empty`, `too_long`.
pub fn required(path: &str, text: &str, longest: usize) -> Result<String, Fault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Fault::new(path, "empty"));
    }
    optional(path, text, longest)
}

/// A text that may be empty, trimmed.
///
/// # Errors
/// `too_long`.
pub fn optional(path: &str, text: &str, longest: usize) -> Result<String, Fault> {
    let text = text.trim();
    if text.chars().count() > longest {
        return Err(Fault::new(path, "too_long"));
    }
    Ok(text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect())
}

/// The tags, trimmed, without doubles and empty ones.
///
/// # Errors
/// `too_many`, `too_long`.
pub fn tags(path: &str, tags: &[String]) -> Result<Vec<String>, Fault> {
    let mut kept: Vec<String> = Vec::new();
    for tag in tags {
        let tag = optional(path, tag, 60)?;
        if !tag.is_empty() && !kept.contains(&tag) {
            kept.push(tag);
        }
    }
    if kept.len() > MOST_TAGS { Err(Fault::new(path, "too_many")) } else { Ok(kept) }
}

/// The number of pages: 1 to 100,000.
///
/// # Errors
/// `out_of_range`.
pub fn pages(path: &str, pages: Option<i32>) -> Result<Option<i32>, Fault> {
    match pages {
        Some(count) if !(1..=MOST_PAGES).contains(&count) => Err(Fault::new(path, "out_of_range")),
        other => Ok(other),
    }
}

/// Text as it is searched: ё is е.
#[must_use]
pub fn searchable(text: &str) -> String {
    text.replace('ё', "е").replace('Ё', "Е").replace('\0', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_rests_while_it_is_decided_on() {
        assert_eq!(rewriting_refused(State::Routing), Some("card_on_route"));
        for state in [State::Draft, State::Returned, State::Completed] {
            assert_eq!(rewriting_refused(state), None, "{state:?}");
        }
    }

    #[test]
    fn texts_are_trimmed_and_bounded() {
        assert_eq!(required("t", "  О\u{7} смете ", 20), Ok("О смете".to_owned()));
        assert_eq!(required("t", " \n ", 20), Err(Fault::new("t", "empty")));
        assert_eq!(required("t", "длинно", 5), Err(Fault::new("t", "too_long")));
        assert_eq!(tags("t", &["а".into(), " а ".into(), String::new()]), Ok(vec!["а".to_owned()]));
        assert_eq!(pages("p", Some(0)), Err(Fault::new("p", "out_of_range")));
        assert_eq!(searchable("Ёлка, ещё"), "Елка, еще");
    }
}
