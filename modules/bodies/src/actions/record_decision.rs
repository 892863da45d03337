//! The decision of an item is written down.

use plenum_db::{Permit, StoreError, TenantTx};
use serde_json::json;

use crate::{
    actions::{Step, tell},
    domain::{
        agenda::{self as rules, TextFault},
        session::SessionState,
    },
    permissions::Preside,
    store::{
        agenda::{self, PlacedItem},
        sessions,
    },
};

/// Why it was not written down.
#[derive(Debug, thiserror::Error)]
pub enum DecisionError {
    /// The decision is empty or too long.
    #[error("the decision cannot be taken")]
    Text(TextFault),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Writes the decision down, or anew, while the session is open.
///
/// # Errors
/// [`DecisionError`].
pub async fn record_decision(
    tx: &mut TenantTx,
    permit: Permit<Preside, PlacedItem>,
    decision: &str,
) -> Result<Step, DecisionError> {
    let decision = rules::required("decision", decision, rules::LONGEST_TEXT).map_err(DecisionError::Text)?;
    let item = &permit.resource().item;
    let session = sessions::lock(tx, item.session).await?;
    if session.state != SessionState::Open {
        return Ok(Step::WrongState);
    }
    agenda::decide(tx, item.id, &decision).await?;
    plenum_audit::record(tx, "bodies.record_decision", item.id, json!({})).await?;
    tell(tx, session.id).await?;
    Ok(Step::Done)
}
