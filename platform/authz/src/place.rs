//! Where an act happens.

use std::fmt;

use uuid::Uuid;

/// A place in a tenant: the path of units from the root, and below it perhaps a body. Always ends in a slash.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place(String);

impl Place {
    /// The place of a unit, from the ids of its ancestors, root first, itself last.
    #[must_use]
    pub fn of_units(path: &[Uuid]) -> Self {
        let mut text = String::with_capacity(path.len() * 33);
        for id in path {
            text.push_str(&id.simple().to_string());
            text.push('/');
        }
        Self(text)
    }

    /// A place inside this one that only one resource governs, for example a body: `…/body-<id>/`.
    #[must_use]
    pub fn inner(&self, kind: &str, id: Uuid) -> Self {
        Self(format!("{}{kind}-{}/", self.0, id.simple()))
    }

    /// The path, ending in a slash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The casbin pattern that covers this place and all below it.
    #[must_use]
    pub fn pattern(&self) -> String {
        format!("{}*", self.0)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
