//! Documents in the API: maps, never decides.

mod document;
mod inputs;
mod mutations;
mod names;
mod parts;
mod queries;
mod scene;
mod subscriptions;
mod task;

use async_graphql::Context;
use plenum_db::TenantTx;
use plenum_graph::{Answer, Doors, FieldFault, Refusal};

use crate::{Desk, actions::Refused, permissions};

pub use document::DocumentNode;
pub use mutations::DocumentsMutation;
pub use parts::JournalNode;
pub use queries::DocumentsQuery;
pub(crate) use queries::{journal, opened_document, task};
pub use subscriptions::DocumentsSubscription;
pub use task::TaskNode;

fn desk<'c>(ctx: &Context<'c>) -> &'c Desk {
    ctx.data_unchecked::<Desk>()
}

/// The door by which a document and its versions read what they have not at hand.
async fn opened(ctx: &Context<'_>) -> Answer<TenantTx> {
    ctx.read(permissions::TAKE_PART).await
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Faults(faults) => Self::invalid_fields(
                faults
                    .into_iter()
                    .map(|fault| FieldFault { path: fault.path, reason: fault.reason })
                    .collect(),
            ),
            Refused::State(reason) => Self::conflict(reason),
            Refused::NotYours(reason) => Self::forbidden(reason),
            Refused::NotFound => Self::not_found(),
            Refused::Store(error) => error.into(),
            Refused::Files(error) => Self::internal(&error),
            Refused::Print(error) => Self::internal(&error),
            Refused::Workbook(error) => Self::internal(&error),
        }
    }
}
