//! What a tenant does without.

use std::{collections::BTreeSet, sync::Arc};

use crate::Permission;

/// The modules that a tenant does without, by the first word of their permissions: nobody may do there what such a
/// permission allows, whatever roles are held. Roles are kept; the platform itself is not bound.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ModulesOff(Arc<BTreeSet<String>>);

impl ModulesOff {
    /// These modules are off.
    #[must_use]
    pub fn new(names: impl IntoIterator<Item = String>) -> Self {
        Self(Arc::new(names.into_iter().collect()))
    }

    /// Whether the permission is of a module that is off.
    #[must_use]
    pub fn forbid(&self, permission: Permission) -> bool {
        self.forbid_named(permission.as_str())
    }

    /// The same for the name of a permission.
    pub(crate) fn forbid_named(&self, permission: &str) -> bool {
        !self.0.is_empty() && permission.split_once('.').is_some_and(|(module, _)| self.0.contains(module))
    }

    /// Whether the module of this name is off.
    #[must_use]
    pub fn has(&self, module: &str) -> bool {
        self.0.contains(module)
    }

    /// Their names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether a module is off here that was on before.
    #[must_use]
    pub fn exceed(&self, before: &Self) -> bool {
        !self.0.is_subset(&before.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_off_with_all_of_its_permissions_and_no_others() {
        let off = ModulesOff::new(["chat".to_owned()]);
        for (name, forbidden) in [
            ("chat.take_part", true),
            ("chat.moderate", true),
            ("chats.read", false),
            ("members.chat", false),
        ] {
            assert_eq!(off.forbid(Permission::new(name)), forbidden, "{name}");
            assert!(!ModulesOff::default().forbid(Permission::new(name)));
        }
    }

    #[test]
    fn only_what_was_on_before_is_lost() {
        let [none, chat, both] = [vec![], vec!["chat"], vec!["chat", "dues"]]
            .map(|names| ModulesOff::new(names.into_iter().map(str::to_owned)));
        assert!(chat.exceed(&none) && both.exceed(&chat));
        assert!(!none.exceed(&chat) && !chat.exceed(&both) && !chat.exceed(&chat));
    }
}
