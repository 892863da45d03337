//! One file per verb.

pub mod add_version;
pub mod create_document;
pub mod create_journal;
pub mod decide_step;
pub mod export_journal;
pub mod give_resolution;
pub mod move_task;
pub mod name_substitute;
pub mod receive_document;
pub mod register_document;
pub mod send_document;
pub mod sign_step;
pub mod start_route;

use plenum_db::{StoreError, TenantTx};
use plenum_documents_api::DocumentId;
use plenum_files::FilesError;
use plenum_kernel::AccountId;
use plenum_live::Topic;
use plenum_tenancy::store::access;

use crate::domain::{Fault, route::RouteFault, task::TaskFault};

/// Why an act on a document was not done.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Some input cannot be taken.
    #[error("some fields cannot be taken")]
    Faults(Vec<Fault>),
    /// The document, step or task is in another state; a stable word says which.
    #[error("not in this state: {0}")]
    State(&'static str),
    /// It is another's to do; a stable word says whose.
    #[error("not the viewer's to do: {0}")]
    NotYours(&'static str),
    /// Something named by the input is not there.
    #[error("something named is not there")]
    NotFound,
    /// The bytes cannot be kept or fetched.
    #[error(transparent)]
    Files(FilesError),
    /// A paper could not be printed.
    #[error(transparent)]
    Print(#[from] plenum_print::PrintError),
    /// A workbook could not be written.
    #[error("could not write the workbook")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self::Faults(vec![fault])
    }
}

impl From<RouteFault> for Refused {
    fn from(fault: RouteFault) -> Self {
        Self::State(fault.reason())
    }
}

impl From<TaskFault> for Refused {
    fn from(fault: TaskFault) -> Self {
        Self::State(fault.reason())
    }
}

impl From<FilesError> for Refused {
    fn from(error: FilesError) -> Self {
        match error {
            FilesError::NotFound => Self::NotFound,
            FilesError::Store(error) => Self::Store(error),
            other => Self::Files(other),
        }
    }
}

/// Tells everyone who watches the document that it has news.
pub(crate) async fn tell(tx: &mut TenantTx, document: DocumentId) -> Result<(), StoreError> {
    let topic = Topic::of(tx.tenant(), document);
    plenum_live::touch(tx, &topic).await
}

/// The person who acts; acts of the platform go other ways.
fn person(tx: &TenantTx) -> Result<AccountId, Refused> {
    tx.viewer().account().ok_or(Refused::NotYours("people_only"))
}

/// Checks that an account may enter the organization.
async fn of_organization(tx: &mut TenantTx, account: AccountId, path: String) -> Result<(), Refused> {
    if access::admits(tx, account).await? {
        Ok(())
    } else {
        Err(Fault::new(path, "not_of_organization").into())
    }
}
