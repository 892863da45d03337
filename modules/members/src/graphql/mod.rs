//! Members in the API: maps, never decides.

mod import;
mod member;
mod mutations;
mod names;
mod queries;
mod subscriptions;

use plenum_files::FilesError;
use plenum_graph::Refusal;

use crate::actions::{
    commit_import::CommitError, discard_import::DiscardError, prepare_import::PrepareError,
    set_mapping::SetMappingError,
};

pub use import::MemberImportNode;
pub use member::MemberNode;
pub use mutations::MembersMutation;
pub use queries::{MembersQuery, member, member_import};
pub use subscriptions::MembersSubscription;

/// An import in another state than the step needs.
const STATE: &str = "import_state";

fn refuse_file(error: FilesError) -> Refusal {
    match error {
        FilesError::NotFound => Refusal::not_found(),
        FilesError::Store(error) => error.into(),
        FilesError::Objects(_) | FilesError::Folder(..) => {
            tracing::error!(%error, "could not fetch a file");
            Refusal::unavailable("files")
        }
    }
}

impl From<PrepareError> for Refusal {
    fn from(error: PrepareError) -> Self {
        match error {
            PrepareError::File(error) => refuse_file(error),
            PrepareError::Store(error) => error.into(),
        }
    }
}

impl From<SetMappingError> for Refusal {
    fn from(error: SetMappingError) -> Self {
        match error {
            SetMappingError::WrongState => Self::conflict(STATE),
            SetMappingError::NoColumn { position } => {
                Self::invalid_field(format!("columns.{position}.index"), "no_such_column")
            }
            SetMappingError::Mapping(error) => Self::invalid_field("columns", error.code()),
            SetMappingError::File(error) => refuse_file(error),
            SetMappingError::Read(error) => Self::internal(&error),
            SetMappingError::Store(error) => error.into(),
        }
    }
}

impl From<CommitError> for Refusal {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::WrongState => Self::conflict(STATE),
            CommitError::Mapping(error) => Self::invalid(error.code()),
            CommitError::File(error) => refuse_file(error),
            CommitError::Read(error) => Self::internal(&error),
            CommitError::Open(error) => error.into(),
            CommitError::Store(error) => error.into(),
        }
    }
}

impl From<DiscardError> for Refusal {
    fn from(error: DiscardError) -> Self {
        match error {
            DiscardError::WrongState => Self::conflict(STATE),
            DiscardError::Store(error) => error.into(),
        }
    }
}
