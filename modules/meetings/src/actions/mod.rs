//! One file per verb.

pub(crate) mod change_encoder;
pub(crate) mod change_recording;
pub(crate) mod join_session;
pub(crate) mod record_session;
pub(crate) mod switch_broadcast;
pub(crate) mod watch_broadcast;

use plenum_authz::Permission;
use plenum_bodies_api::{SessionId, SessionOutline};
use plenum_db::{PermitError, StoreError, TenantTx};
use plenum_kernel::TypedId;
use plenum_live::Topic;

use crate::{Admissions, permissions::BROADCAST};

/// Why a broadcast or a recording of a session was not changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OnSessionError {
    /// There is no such session, or the caller may not do that with it.
    #[error(transparent)]
    Permit(#[from] PermitError),
    /// It is closed or called off.
    #[error("the session is over")]
    Over,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The session, when the caller may do this with it.
async fn managed(
    tx: &mut TenantTx,
    admissions: &Admissions,
    session: SessionId,
    permission: Permission,
) -> Result<SessionOutline, OnSessionError> {
    let found = admissions.bodies.outline(tx, session).await?;
    let outline = found.ok_or(PermitError::NotFound { kind: SessionId::TYPE })?;
    if tx.allows(permission, &outline.place) {
        return Ok(outline);
    }
    let off = tx.viewer().off.forbid(permission);
    Err(PermitError::Forbidden { permission, off }.into())
}

/// The session, when the caller may broadcast it and it is not over.
async fn broadcast_by(
    tx: &mut TenantTx,
    admissions: &Admissions,
    session: SessionId,
) -> Result<SessionOutline, OnSessionError> {
    let outline = managed(tx, admissions, session, BROADCAST).await?;
    if outline.room_is_open { Ok(outline) } else { Err(OnSessionError::Over) }
}

/// Whoever is in the room, and whoever watches over it, looks again.
pub(crate) async fn told(tx: &mut TenantTx, session: SessionId) -> Result<(), StoreError> {
    let topic = Topic::of(tx.tenant(), session);
    plenum_live::touch(tx, &topic).await
}
