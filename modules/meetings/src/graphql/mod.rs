//! Rooms in the API.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use plenum_bodies_api::SessionId;
use plenum_graph::{Answer, Doors, Finish, Refusal, parse_id};
use plenum_turn::RelayAccess;

use crate::{
    Admissions,
    actions::join_session::{self, Join},
    permissions,
};

/// How asking to enter ended.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum JoinSessionStatus {
    /// The token opens the room.
    Ok,
    /// The session is closed or cancelled.
    SessionClosed,
}

/// The outcome of asking to enter.
#[derive(SimpleObject)]
pub struct JoinSessionPayload {
    status: JoinSessionStatus,
    /// Opens the room for two minutes: the second subprotocol of the WebSocket, after `plenum.sfu.v1`.
    token: Option<String>,
    /// Where the WebSocket is.
    sfu_path: Option<&'static str>,
    /// How media go when no direct way leads to the server; none when there is no relay.
    relay: Option<RelayAccess>,
}

/// Root fields.
#[derive(Default)]
pub struct MeetingsMutation;

#[Object]
impl MeetingsMutation {
    /// Asks to enter the room of a session. Who has no seat on its roll is refused with `FORBIDDEN`, and that is
    /// recorded.
    async fn join_session(&self, ctx: &Context<'_>, session: ID) -> Answer<JoinSessionPayload> {
        let mut tx = ctx.write(permissions::JOIN).await?;
        let id: SessionId = parse_id(&session)?;
        let outcome = join_session::join_session(&mut tx, ctx.data_unchecked::<Admissions>(), id).await;
        match tx.finish(outcome).await? {
            Join::Admitted(token, relay) => Ok(JoinSessionPayload {
                status: JoinSessionStatus::Ok,
                token: Some(token),
                sfu_path: Some("/sfu"),
                relay,
            }),
            Join::Over => Ok(JoinSessionPayload {
                status: JoinSessionStatus::SessionClosed,
                token: None,
                sfu_path: None,
                relay: None,
            }),
            Join::Full => Err(Refusal::conflict("rooms_full")),
            Join::NotInvited => Err(Refusal::forbidden("not_invited")),
            Join::NoSession => Err(Refusal::not_found()),
        }
    }
}
