//! What permissions are called, for the people who build roles from them.

use std::collections::BTreeMap;

use crate::Permission;

/// A text in both languages of the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    /// In Russian.
    pub ru: &'static str,
    /// In English.
    pub en: &'static str,
}

/// A permission with its words. Crates keep theirs beside the constants in `permissions.rs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Described {
    /// The permission.
    pub permission: Permission,
    /// What it is called.
    pub title: Text,
    /// What it opens, in a sentence.
    pub meaning: Text,
}

impl Permission {
    /// The permission with its words: pairs of a title and a sentence, in Russian and in English.
    #[must_use]
    pub const fn described(
        self,
        ru: (&'static str, &'static str),
        en: (&'static str, &'static str),
    ) -> Described {
        Described {
            permission: self,
            title: Text { ru: ru.0, en: en.0 },
            meaning: Text { ru: ru.1, en: en.1 },
        }
    }
}

/// All permissions of which roles are built, by name. What the platform allows only itself is not among them.
#[derive(Debug, Clone, Default)]
pub struct Catalogue(BTreeMap<&'static str, Described>);

impl Catalogue {
    /// Merges what the crates describe.
    #[must_use]
    pub fn new(parts: &[&[Described]]) -> Self {
        Self(parts.iter().copied().flatten().map(|one| (one.permission.as_str(), *one)).collect())
    }

    /// The permission of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Described> {
        self.0.get(name)
    }

    /// All, by name.
    pub fn all(&self) -> impl Iterator<Item = &Described> {
        self.0.values()
    }
}
