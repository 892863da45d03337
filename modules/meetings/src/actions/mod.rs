//! One file per verb.

pub(crate) mod change_encoder;
pub(crate) mod join_session;
pub(crate) mod switch_broadcast;
pub(crate) mod watch_broadcast;

use plenum_bodies_api::{SessionId, SessionOutline};
use plenum_db::{PermitError, StoreError, TenantTx};
use plenum_kernel::TypedId;
use plenum_live::Topic;

use crate::{Admissions, permissions::BROADCAST};

/// Why a broadcast was not changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BroadcastError {
    /// There is no such session, or the caller may not broadcast it.
    #[error(transparent)]
    Permit(#[from] PermitError),
    /// It is closed or called off.
    #[error("the session is over")]
    Over,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The session, when the caller may broadcast it and it is not over.
async fn broadcast_by(
    tx: &mut TenantTx,
    admissions: &Admissions,
    session: SessionId,
) -> Result<SessionOutline, BroadcastError> {
    let found = admissions.bodies.outline(tx, session).await?;
    let outline = found.ok_or(PermitError::NotFound { kind: SessionId::TYPE })?;
    if !tx.allows(BROADCAST, &outline.place) {
        let (permission, off) = (BROADCAST, tx.viewer().off.forbid(BROADCAST));
        return Err(PermitError::Forbidden { permission, off }.into());
    }
    if outline.room_is_open { Ok(outline) } else { Err(BroadcastError::Over) }
}

/// Whoever is in the room, and whoever watches over it, looks again.
async fn told(tx: &mut TenantTx, session: SessionId) -> Result<(), StoreError> {
    let topic = Topic::of(tx.tenant(), session);
    plenum_live::touch(tx, &topic).await
}
