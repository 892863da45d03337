//! Sets up a body in a unit.

use plenum_bodies_api::BodyCreated;
use plenum_db::{Permit, StoreError, TenantTx};
use plenum_events::Publish;
use plenum_tenancy::store::units::Unit;
use serde_json::json;

use crate::{
    domain::{
        agenda::{self, TextFault},
        office::BodyKind,
        quorum::QuorumRule,
    },
    permissions::Create,
    store::bodies::{self, Body},
};

/// Why it was not set up.
#[derive(Debug, thiserror::Error)]
pub enum CreateBodyError {
    /// The name is empty or too long.
    #[error("the name of the body cannot be taken")]
    Name(TextFault),
    /// The unit has a body of this name.
    #[error("the unit has a body of this name")]
    NameTaken,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Sets up a body without members.
///
/// # Errors
/// [`CreateBodyError`].
pub async fn create_body(
    tx: &mut TenantTx,
    permit: Permit<Create, Unit>,
    name: &str,
    kind: BodyKind,
    quorum: QuorumRule,
) -> Result<Body, CreateBodyError> {
    let name = agenda::required("input.name", name, agenda::LONGEST_TITLE).map_err(CreateBodyError::Name)?;
    let body = Body::new(permit.resource(), name, kind, quorum);
    bodies::insert(tx, &body).await.map_err(|error| {
        if error.violates("body_name") { CreateBodyError::NameTaken } else { error.into() }
    })?;
    tx.publish(&BodyCreated { body: body.id }).await?;
    plenum_audit::record(tx, "bodies.create_body", body.id, json!({})).await?;
    Ok(body)
}
