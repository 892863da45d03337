//! Ids between GraphQL and the domain.

use async_graphql::ID;
use plenum_kernel::TypedId;

use crate::{Answer, Refusal};

/// The outside form of an id.
#[must_use]
pub fn global(id: impl TypedId) -> ID {
    ID(id.global())
}

/// Reads an id argument. Text that is no such id is answered like an id that does not exist.
///
/// # Errors
/// A `NOT_FOUND` refusal.
pub fn parse_id<T: TypedId>(id: &ID) -> Answer<T> {
    T::parse_global(id).map_err(|_| Refusal::not_found())
}

/// Reads an id argument that may be left out.
///
/// # Errors
/// A `NOT_FOUND` refusal.
pub fn parse_optional_id<T: TypedId>(id: Option<&ID>) -> Answer<Option<T>> {
    id.map(parse_id).transpose()
}
