//! A person asks to enter the room of a session.

use chrono::TimeDelta;
use plenum_bodies_api::{Entry, SessionId};
use plenum_db::{StoreError, TenantTx};
use plenum_kernel::TypedId;
use plenum_sfu::{Part, RoomToken};
use plenum_tenancy::store::tenants;
use plenum_turn::RelayAccess;
use serde_json::json;

use crate::{Admissions, store};

/// How long a token opens the door. A new one is asked for at each reconnect.
const TOKEN_LIFETIME: TimeDelta = TimeDelta::minutes(2);

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Join {
    /// The token that opens the room, and how the media server is reached when no direct way leads to it.
    Admitted(String, Option<RelayAccess>),
    /// No seat on the roll; it has been recorded.
    NotInvited,
    /// The session is closed or cancelled.
    Over,
    /// There is no such session.
    NoSession,
    /// The organization has as many people in rooms as it may.
    Full,
}

/// Lets the caller in, or records that they were refused: commit in either case.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn join_session(
    tx: &mut TenantTx,
    admissions: &Admissions,
    session: SessionId,
) -> Result<Join, StoreError> {
    let Some(account) = tx.viewer().account() else { return Ok(Join::NotInvited) };
    match admissions.bodies.entry(tx, session, account).await? {
        Entry::NoSession => Ok(Join::NoSession),
        Entry::Over => Ok(Join::Over),
        Entry::NotInvited => {
            tracing::warn!(account.id = %account, session.id = %session, "refused a join: not on the roll");
            plenum_audit::record(tx, "meetings.join_refused", session, json!({ "reason": "not_invited" }))
                .await?;
            Ok(Join::NotInvited)
        }
        Entry::Admitted(admission) => {
            // Who is in already, and comes back, takes no place of others.
            if let Some(limit) = tenants::limits(tx).await?.participants
                && store::people_in_rooms(tx, Some(account)).await? >= limit
            {
                return Ok(Join::Full);
            }
            let token = RoomToken {
                scope: tx.tenant().uuid(),
                room: session.uuid(),
                participant: account.uuid(),
                name: admission.full_name,
                label: admission.organization,
                part: Part::Person,
                expires_at: (tx.now() + TOKEN_LIFETIME).timestamp(),
            };
            let relay = admissions.relays.access(account.uuid(), tx.now());
            Ok(Join::Admitted(token.sign(&admissions.token_key), relay))
        }
    }
}
