//! Typed identifiers. Outside the process an id is written `Member_0198c0ffee…`: the type, an underscore and
//! the 32 hexadecimal digits of a UUID version 7 (RFC 9562 §5.7), so that ids sort by creation time.

use std::fmt;

use uuid::Uuid;

/// An identifier that knows what it identifies.
pub trait TypedId: Copy + Eq + fmt::Debug + Send + Sync + Sized + 'static {
    /// The GraphQL type name that stands before the underscore.
    const TYPE: &'static str;

    /// Wraps a raw UUID, for example one read from the database.
    fn from_uuid(uuid: Uuid) -> Self;

    /// The raw UUID, for the database.
    fn uuid(self) -> Uuid;

    /// The form used outside: `Type_` and 32 hexadecimal digits.
    fn global(self) -> String {
        format!("{}_{}", Self::TYPE, self.uuid().simple())
    }

    /// Reads the outside form.
    ///
    /// # Errors
    /// [`NotAnId`] when the text is not an id of this type.
    fn parse_global(text: &str) -> Result<Self, NotAnId> {
        let (kind, digits) = text.split_once('_').ok_or(NotAnId { expected: Self::TYPE })?;
        if kind != Self::TYPE || digits.len() != 32 {
            return Err(NotAnId { expected: Self::TYPE });
        }
        Uuid::try_parse(digits).map(Self::from_uuid).map_err(|_| NotAnId { expected: Self::TYPE })
    }
}

/// The text is not an id of the expected type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id of type {expected}")]
pub struct NotAnId {
    /// The type that was asked for.
    pub expected: &'static str,
}

/// Declares id types: `id_types! { /// Doc. MemberId = "Member"; }`.
#[macro_export]
macro_rules! id_types {
    ($($(#[$doc:meta])* $name:ident = $kind:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, $crate::id::__serde::Serialize, $crate::id::__serde::Deserialize)]
        #[serde(crate = "plenum_kernel::id::__serde", transparent)]
        pub struct $name($crate::id::__uuid::Uuid);

        impl $name {
            /// A new id, ordered after all earlier ones of this process.
            #[must_use]
            #[expect(clippy::new_without_default, reason = "a default id would be a new one each time")]
            pub fn new() -> Self {
                Self($crate::id::__uuid::Uuid::now_v7())
            }
        }

        impl $crate::id::TypedId for $name {
            const TYPE: &'static str = $kind;
            fn from_uuid(uuid: $crate::id::__uuid::Uuid) -> Self {
                Self(uuid)
            }
            fn uuid(self) -> $crate::id::__uuid::Uuid {
                self.0
            }
        }

        impl From<$crate::id::__uuid::Uuid> for $name {
            fn from(uuid: $crate::id::__uuid::Uuid) -> Self {
                Self(uuid)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&$crate::id::TypedId::global(*self))
            }
        }
    )+};
}

#[doc(hidden)]
pub use serde as __serde;
#[doc(hidden)]
pub use uuid as __uuid;

// The macro names this crate from outside, so that it must be reachable under that name here too.
extern crate self as plenum_kernel;

id_types! {
    /// A tenant: one member organization, or the federation's own apparatus.
    TenantId = "Tenant";
    /// A file of a tenant.
    FileId = "File";
    /// A unit inside a tenant: the apparatus, a primary organization (PPO), a shop, a group.
    UnitId = "Unit";
    /// A role given to an account.
    RoleGrantId = "RoleGrant";
    /// A role that a tenant made for itself.
    OwnRoleId = "OwnRole";
    /// An invitation of an address into a tenant.
    InvitationId = "Invitation";
    /// An account: a person who signs in. Global, may act in several tenants.
    AccountId = "Account";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outside_form_reads_back() {
        let id = UnitId::new();
        assert_eq!(UnitId::parse_global(&id.global()), Ok(id));
    }

    #[test]
    fn an_id_of_another_type_is_not_taken() {
        assert!(UnitId::parse_global(&TenantId::new().global()).is_err());
        for text in ["", "Unit", "Unit_", "Unit_12", "Unit_zz34567890123456789012345678901234"] {
            assert!(UnitId::parse_global(text).is_err(), "{text}");
        }
    }
}
