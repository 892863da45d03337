//! Conversations in the API: maps, never decides.

mod channel;
mod message;
mod mutations;
mod names;
mod queries;
mod subscriptions;

use plenum_db::PermitError;
use plenum_graph::{Answer, Refusal};

use crate::{
    actions::{
        create_group::GroupError, delete_message::DeleteError, edit_message::EditError,
        open_direct::OpenDirectError, react::ReactError, send_message::SendError,
    },
    domain::text::TextFault,
};

pub use channel::ChannelNode;
pub use message::MessageNode;
pub use mutations::ChatMutation;
pub use queries::ChatQuery;
pub(crate) use queries::{channel, message};
pub use subscriptions::ChatSubscription;

/// What the viewer takes no part in is not there.
fn hidden<T>(found: Result<T, PermitError>) -> Answer<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(PermitError::NotFound { .. } | PermitError::Forbidden { .. }) => Ok(None),
        Err(PermitError::Store(error)) => Err(error.into()),
    }
}

fn refuse_text(fault: &TextFault) -> Refusal {
    Refusal::invalid_field(fault.path, fault.reason)
}

impl From<SendError> for Refusal {
    fn from(error: SendError) -> Self {
        match error {
            SendError::Text(fault) => refuse_text(&fault),
            SendError::TooMany(path) => Self::invalid_field(path, "too_many"),
            SendError::File | SendError::Reply => Self::not_found(),
            SendError::Mention => Self::invalid_field("input.mentions", "not_a_participant"),
            SendError::TooFast { wait_s } => Self::rate_limited(wait_s),
            SendError::Objects(error) => Self::internal(&error),
            SendError::Store(error) => error.into(),
        }
    }
}

impl From<EditError> for Refusal {
    fn from(error: EditError) -> Self {
        match error {
            EditError::Text(fault) => refuse_text(&fault),
            EditError::TooMany => Self::invalid_field("mentions", "too_many"),
            EditError::Mention => Self::invalid_field("mentions", "not_a_participant"),
            EditError::NotAuthor => Self::forbidden("not_author"),
            EditError::Deleted => Self::conflict("message_deleted"),
            EditError::Store(error) => error.into(),
        }
    }
}

impl From<DeleteError> for Refusal {
    fn from(error: DeleteError) -> Self {
        match error {
            DeleteError::NotAllowed => Self::forbidden("not_author"),
            DeleteError::Store(error) => error.into(),
        }
    }
}

impl From<ReactError> for Refusal {
    fn from(error: ReactError) -> Self {
        match error {
            ReactError::NotAnEmoji => Self::invalid_field("emoji", "not_an_emoji"),
            ReactError::TooMany => Self::invalid_field("emoji", "too_many"),
            ReactError::Deleted => Self::conflict("message_deleted"),
            ReactError::Store(error) => error.into(),
        }
    }
}

impl From<OpenDirectError> for Refusal {
    fn from(error: OpenDirectError) -> Self {
        match error {
            OpenDirectError::NoColleague => Self::not_found(),
            OpenDirectError::Yourself => Self::invalid_field("account", "yourself"),
            OpenDirectError::Store(error) => error.into(),
        }
    }
}

impl From<GroupError> for Refusal {
    fn from(error: GroupError) -> Self {
        match error {
            GroupError::Name(fault) => refuse_text(&fault),
            GroupError::Number(reason) => Self::invalid_field("accounts", reason),
            GroupError::NoColleague => Self::not_found(),
            GroupError::NotAGroup => Self::conflict("not_a_group"),
            GroupError::Store(error) => error.into(),
        }
    }
}
