//! Members in the API: maps, never decides.

mod corrections;
mod exports;
mod history;
mod import;
mod list;
mod member;
mod mutations;
mod names;
mod portal;
mod queries;
mod records;
mod subscriptions;
mod transfers;

use async_graphql::MergedObject;
use plenum_db::PermitError;
use plenum_files::FilesError;
use plenum_graph::{Answer, FieldFault, Refusal};

use crate::{
    actions::{
        add_member::SaveError, commit_import::CommitError, decide_transfer::DecideError,
        discard_import::DiscardError, export_members::ExportError, prepare_import::PrepareError,
        print_card::CardError, record_consent::ConsentError, set_mapping::SetMappingError,
    },
    store::filters::ListError,
};

pub use corrections::{CorrectionNode, correction};
pub use exports::{MemberExportNode, member_export};
pub use import::MemberImportNode;
pub use member::MemberNode;
pub use queries::{member, member_import};
pub use subscriptions::MembersSubscription;
pub use transfers::{MemberTransferNode, member_transfer};

/// Root fields that read.
#[derive(MergedObject, Default)]
pub struct MembersQuery(
    queries::RegisterQuery,
    corrections::CorrectionsQuery,
    exports::ExportsQuery,
    portal::PortalQuery,
    transfers::TransfersQuery,
);

/// Root fields that change something.
#[derive(MergedObject, Default)]
pub struct MembersMutation(
    mutations::ImportMutation,
    records::RecordsMutation,
    corrections::CorrectionsMutation,
    exports::ExportsMutation,
    portal::PortalMutation,
    transfers::TransfersMutation,
);

/// What the viewer may not see is not there: personal data does not even exist for others.
fn hidden<T>(found: Result<T, PermitError>) -> Answer<Option<T>> {
    match found {
        Ok(node) => Ok(Some(node)),
        Err(PermitError::NotFound { .. } | PermitError::Forbidden { .. }) => Ok(None),
        Err(PermitError::Store(error)) => Err(error.into()),
    }
}

/// An import in another state than the step needs.
const STATE: &str = "import_state";

fn refuse_file(error: FilesError) -> Refusal {
    match error {
        FilesError::NotFound => Refusal::not_found(),
        FilesError::Store(error) => error.into(),
        FilesError::Objects(_) | FilesError::Folder(..) | FilesError::Read(_) => {
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

impl From<SaveError> for Refusal {
    fn from(error: SaveError) -> Self {
        match error {
            SaveError::Faults(faults) => Self::invalid_fields(
                faults
                    .into_iter()
                    .map(|fault| FieldFault {
                        path: format!("input.{}", fault.field.input()),
                        reason: fault.reason,
                    })
                    .collect(),
            ),
            SaveError::Left => Self::conflict("member_left"),
            SaveError::Changed => Self::conflict("changed_meanwhile"),
            // Somebody was faster by a moment.
            SaveError::Store(error) if error.violates("person_name") || error.violates("person_card") => {
                Self::conflict("changed_meanwhile")
            }
            SaveError::Store(error) => error.into(),
        }
    }
}

impl From<ConsentError> for Refusal {
    fn from(error: ConsentError) -> Self {
        match error {
            ConsentError::Field(field, reason) => Self::invalid_field(format!("input.{field}"), reason),
            ConsentError::Text => Self::conflict("consent_text"),
            ConsentError::Save(error) => error.into(),
        }
    }
}

impl From<ListError> for Refusal {
    fn from(error: ListError) -> Self {
        match error {
            ListError::Search(reason) => Self::invalid_field("search", reason),
            ListError::Cursor => plenum_graph::Paging::bad_cursor(),
            ListError::Store(error) => error.into(),
        }
    }
}

impl From<ExportError> for Refusal {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::List(error) => error.into(),
            ExportError::NoUnit => Self::not_found(),
            ExportError::Files(error) => refuse_file(error),
            ExportError::Open(error) => error.into(),
            ExportError::Store(error) => error.into(),
            ExportError::Workbook(_) | ExportError::Table(_) => Self::internal(&error),
        }
    }
}

impl From<DecideError> for Refusal {
    fn from(error: DecideError) -> Self {
        match error {
            DecideError::WrongSide => Self::conflict("other_side_decides"),
            DecideError::Store(error) => error.into(),
        }
    }
}

impl From<CardError> for Refusal {
    fn from(error: CardError) -> Self {
        match error {
            CardError::Files(error) => refuse_file(error),
            CardError::Open(error) => error.into(),
            CardError::Store(error) => error.into(),
            CardError::Code(_) | CardError::Print(_) => Self::internal(&error),
        }
    }
}
