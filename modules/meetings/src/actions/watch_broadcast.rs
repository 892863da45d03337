//! Somebody who has the link of a broadcast asks to watch it.

use chrono::{DateTime, TimeDelta, Utc};
use plenum_db::{StoreError, TenantTx};
use plenum_kernel::TypedId;
use plenum_sfu::{Part, RoomToken};
use plenum_tenancy::store::{settings, tenants};
use uuid::Uuid;

use crate::{Admissions, store::broadcasts};

/// How long a token lets somebody begin to watch.
const TOKEN_LIFETIME: TimeDelta = TimeDelta::minutes(2);

/// Where a broadcast stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stand {
    /// It is off: it has not begun, or rests.
    Off,
    /// It is on: the token lets whoever has it watch.
    On(String),
    /// The session is over.
    Over,
}

/// What whoever has the link is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) starts_at: DateTime<Utc>,
    pub(crate) stand: Stand,
}

/// What is shown by this link; none when it is none, or the organization does without rooms at the moment.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn watch_broadcast(
    tx: &mut TenantTx,
    admissions: &Admissions,
    key: Uuid,
) -> Result<Option<Shown>, StoreError> {
    let refused = settings::get(tx).await?.refused;
    if tenants::is_suspended(tx).await? || refused.iter().any(|word| word == plenum_meetings_api::MODULE) {
        return Ok(None);
    }
    let Some(broadcast) = broadcasts::by_key(tx, key).await? else { return Ok(None) };
    let Some(session) = admissions.bodies.outline(tx, broadcast.session).await? else { return Ok(None) };
    let stand = match (session.room_is_open, broadcast.started_at) {
        (false, _) => Stand::Over,
        (true, None) => Stand::Off,
        (true, Some(_)) => {
            let token = RoomToken {
                scope: tx.tenant().uuid(),
                room: session.id.uuid(),
                // Nobody is told who watches, and we do not know it either.
                participant: Uuid::new_v4(),
                name: String::new(),
                label: String::new(),
                part: Part::Watcher,
                expires_at: (tx.now() + TOKEN_LIFETIME).timestamp(),
            };
            Stand::On(token.sign(&admissions.token_key))
        }
    };
    Ok(Some(Shown { title: session.title, body: session.body, starts_at: session.starts_at, stand }))
}
