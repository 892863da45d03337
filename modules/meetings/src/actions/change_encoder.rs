//! The camera of a hall, or another encoder, may publish into the room of a session, or not any more.

use chrono::{DateTime, TimeDelta, Utc};
use plenum_bodies_api::SessionId;
use plenum_db::TenantTx;
use plenum_kernel::TypedId;
use plenum_sfu::{Part, RoomToken};
use serde_json::json;
use uuid::Uuid;

use super::{OnSessionError, broadcast_by, told};
use crate::{
    Admissions,
    store::broadcasts::{self, Broadcast},
};

/// An encoder is set up before a session and runs through it.
const TOKEN_LIFETIME: TimeDelta = TimeDelta::hours(24);

/// A new encoder instead of the one before, which is put out: its token, and until when that opens the room.
///
/// # Errors
/// [`OnSessionError`].
pub(crate) async fn give_encoder(
    tx: &mut TenantTx,
    admissions: &Admissions,
    session: SessionId,
    name: &str,
) -> Result<(Broadcast, String, DateTime<Utc>), OnSessionError> {
    let outline = broadcast_by(tx, admissions, session).await?;
    let mut broadcast = broadcasts::made(tx, session).await?;
    let encoder = Uuid::new_v4();
    broadcast.encoder = Some(encoder);
    broadcasts::set(tx, &broadcast).await?;
    let expires_at = tx.now() + TOKEN_LIFETIME;
    let token = RoomToken {
        scope: tx.tenant().uuid(),
        room: session.uuid(),
        participant: encoder,
        name: name.to_owned(),
        label: outline.body,
        part: Part::Device,
        expires_at: expires_at.timestamp(),
    };
    plenum_audit::record(tx, "meetings.give_encoder", session, json!({ "name": name })).await?;
    told(tx, session).await?;
    Ok((broadcast, token.sign(&admissions.token_key), expires_at))
}

/// No encoder may publish any more; that there is none is no fault.
///
/// # Errors
/// [`OnSessionError`].
pub(crate) async fn withdraw_encoder(
    tx: &mut TenantTx,
    admissions: &Admissions,
    session: SessionId,
) -> Result<Broadcast, OnSessionError> {
    broadcast_by(tx, admissions, session).await?;
    let mut broadcast = broadcasts::made(tx, session).await?;
    if broadcast.encoder.take().is_some() {
        broadcasts::set(tx, &broadcast).await?;
        plenum_audit::record(tx, "meetings.withdraw_encoder", session, json!({})).await?;
        told(tx, session).await?;
    }
    Ok(broadcast)
}
