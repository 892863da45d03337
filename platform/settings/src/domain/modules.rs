//! What a tenant does without.

use std::collections::BTreeSet;

use plenum_authz::Text;

/// A module that can be switched off.
#[derive(Debug, Clone, Copy)]
pub struct Module {
    /// Its name.
    pub name: &'static str,
    /// What it is called.
    pub title: Text,
    /// What is gone without it, in a sentence.
    pub meaning: Text,
    /// The first words of the permissions that nobody holds without it: its own, and those of modules that are nothing by
    /// themselves.
    pub covers: &'static [&'static str],
}

/// What is off, and what is refused for that; both sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switched {
    /// The modules that were switched off.
    pub off: Vec<String>,
    /// The first words of permissions.
    pub refused: Vec<String>,
}

/// A module that there is not, or that cannot be switched off.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no module {0} to switch off")]
pub struct Unknown(pub String);

/// Switches these modules off, and all others on.
///
/// # Errors
/// [`Unknown`] naming the first that is not one of `all`.
pub fn switch(all: &[Module], off: impl IntoIterator<Item = String>) -> Result<Switched, Unknown> {
    let off: BTreeSet<String> = off.into_iter().collect();
    let mut refused = BTreeSet::new();
    for name in &off {
        let module = all.iter().find(|module| module.name == name).ok_or_else(|| Unknown(name.clone()))?;
        refused.extend(module.covers.iter().map(|word| (*word).to_owned()));
    }
    Ok(Switched { off: off.into_iter().collect(), refused: refused.into_iter().collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Text = Text { ru: "", en: "" };
    const ALL: &[Module] = &[
        Module { name: "bodies", title: NONE, meaning: NONE, covers: &["bodies", "meetings"] },
        Module { name: "chat", title: NONE, meaning: NONE, covers: &["chat"] },
        Module { name: "meetings", title: NONE, meaning: NONE, covers: &["meetings"] },
    ];

    fn check(off: &[&str], refused: &[&str]) {
        let switched = switch(ALL, off.iter().map(|name| (*name).to_owned())).expect("they are known");
        assert_eq!(switched.refused, refused, "{off:?}");
    }

    #[test]
    fn what_is_nothing_by_itself_goes_with_what_it_needs() {
        check(&[], &[]);
        check(&["chat"], &["chat"]);
        check(&["bodies"], &["bodies", "meetings"]);
        check(&["meetings", "chat", "chat"], &["chat", "meetings"]);
        check(&["meetings", "bodies"], &["bodies", "meetings"]);
    }

    #[test]
    fn what_there_is_not_cannot_be_switched_off() {
        let unknown = switch(ALL, ["chat".to_owned(), "members".to_owned()]);
        assert_eq!(unknown, Err(Unknown("members".to_owned())));
    }
}
