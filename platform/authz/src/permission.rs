//! Names of acts.

use std::fmt;

/// The name of an act that can be allowed or not, `module.verb`, for example `members.import`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Permission(&'static str);

impl Permission {
    /// Declares a permission; modules keep theirs as constants in `permissions.rs`.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// The name, as policies and clients write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// An act as a type, so that a permit for viewing cannot be handed to an edit.
pub trait Action: Send + Sync + 'static {
    /// The permission that the act needs.
    const PERMISSION: Permission;
}
