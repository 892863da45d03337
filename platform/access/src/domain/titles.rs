//! What roles are called.

use plenum_tenancy::{
    ready,
    store::own_roles::{self, OwnRole},
};

/// A title in both languages; what people wrote themselves is the same in both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Title {
    /// In Russian.
    pub ru: String,
    /// In English.
    pub en: String,
}

impl From<&str> for Title {
    fn from(text: &str) -> Self {
        Self { ru: text.to_owned(), en: text.to_owned() }
    }
}

/// The title of a role by its name in grants; the name itself when the role is gone.
#[must_use]
pub fn of_role(role: &str, own: &[OwnRole]) -> Title {
    if let Some(ready) = ready::by_name(role) {
        return Title { ru: ready.title.ru.to_owned(), en: ready.title.en.to_owned() };
    }
    let own = own_roles::id_of(role).and_then(|id| own.iter().find(|one| one.id == id));
    own.map_or(role, |own| own.name.as_str()).into()
}
