//! Rooms in the API.

mod broadcast;
mod recording;

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use chrono::NaiveDate;
use plenum_bodies_api::SessionId;
use plenum_db::TenantTx;
use plenum_graph::{Answer, Doors, Finish, Refusal, parse_id};
use plenum_meetings_api::RecordingId;
use plenum_turn::RelayAccess;

use crate::{
    Admissions,
    actions::{
        change_encoder, change_recording,
        join_session::{self, Join},
        record_session, switch_broadcast,
    },
    permissions,
    store::recordings::Recording,
};

use broadcast::{GiveEncoderPayload, SessionBroadcast};
pub use broadcast::{MeetingsQuery, MeetingsSubscription};
use recording::SessionRecordings;

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

    /// Shows a session to everybody who has its link, for those who preside over it or keep its minutes.
    async fn start_broadcast(&self, ctx: &Context<'_>, session: ID) -> Answer<SessionBroadcast> {
        switched(ctx, &session, true).await
    }

    /// Shows it no more: whoever watches is sent away. The link stays the same.
    async fn stop_broadcast(&self, ctx: &Context<'_>, session: ID) -> Answer<SessionBroadcast> {
        switched(ctx, &session, false).await
    }

    /// Lets an encoder publish into the session's room by WHIP (RFC 9725), such as the camera of a hall, in place of the one
    /// before. Its token is told once.
    async fn give_encoder(&self, ctx: &Context<'_>, session: ID, name: String) -> Answer<GiveEncoderPayload> {
        let mut tx = ctx.write(permissions::BROADCAST).await?;
        let id: SessionId = parse_id(&session)?;
        let name = broadcast::read_name(&name)?;
        let outcome =
            change_encoder::give_encoder(&mut tx, ctx.data_unchecked::<Admissions>(), id, &name).await;
        let tenant = tx.tenant();
        let (given, token, expires_at) = tx.finish(outcome).await?;
        let broadcast = SessionBroadcast::new(ctx, tenant, &given, true).await?;
        Ok(GiveEncoderPayload { broadcast, endpoint: broadcast::WHIP, token, expires_at })
    }

    /// Lets no encoder publish any more; the one that does is put out.
    async fn withdraw_encoder(&self, ctx: &Context<'_>, session: ID) -> Answer<SessionBroadcast> {
        let mut tx = ctx.write(permissions::BROADCAST).await?;
        let id: SessionId = parse_id(&session)?;
        let outcome = change_encoder::withdraw_encoder(&mut tx, ctx.data_unchecked::<Admissions>(), id).await;
        let tenant = tx.tenant();
        let broadcast = tx.finish(outcome).await?;
        SessionBroadcast::new(ctx, tenant, &broadcast, true).await
    }

    /// Records a session from now on, for those who preside over it or keep its minutes. Everybody in the room sees it, and
    /// the minutes tell it.
    async fn start_recording(&self, ctx: &Context<'_>, session: ID) -> Answer<SessionRecordings> {
        let mut tx = ctx.write(permissions::RECORD).await?;
        let id: SessionId = parse_id(&session)?;
        let admissions = ctx.data_unchecked::<Admissions>();
        let outcome = record_session::start_recording(&mut tx, admissions, id).await;
        recorded(ctx, tx, outcome.map(|()| id)).await
    }

    /// Ends the recording. A film is made of it.
    async fn stop_recording(&self, ctx: &Context<'_>, session: ID) -> Answer<SessionRecordings> {
        let mut tx = ctx.write(permissions::RECORD).await?;
        let id: SessionId = parse_id(&session)?;
        let admissions = ctx.data_unchecked::<Admissions>();
        let outcome = record_session::stop_recording(&mut tx, admissions, id).await;
        recorded(ctx, tx, outcome.map(|()| id)).await
    }

    /// Keeps a recording until that day, the day included: at most five years ahead.
    async fn keep_recording(
        &self,
        ctx: &Context<'_>,
        recording: ID,
        until: NaiveDate,
    ) -> Answer<SessionRecordings> {
        let mut tx = ctx.write(permissions::RECORD).await?;
        let id: RecordingId = parse_id(&recording)?;
        let admissions = ctx.data_unchecked::<Admissions>();
        let outcome = change_recording::keep_recording(&mut tx, admissions, id, until).await;
        recorded(ctx, tx, outcome.map(session_of)).await
    }

    /// Removes a recording for good: the film, and what it was made of.
    async fn remove_recording(&self, ctx: &Context<'_>, recording: ID) -> Answer<SessionRecordings> {
        let mut tx = ctx.write(permissions::RECORD).await?;
        let id: RecordingId = parse_id(&recording)?;
        let admissions = ctx.data_unchecked::<Admissions>();
        let outcome = change_recording::remove_recording(&mut tx, admissions, id).await;
        recorded(ctx, tx, outcome.map(session_of)).await
    }

    /// Makes the film once more, when that failed.
    async fn compose_recording(&self, ctx: &Context<'_>, recording: ID) -> Answer<SessionRecordings> {
        let mut tx = ctx.write(permissions::RECORD).await?;
        let id: RecordingId = parse_id(&recording)?;
        let admissions = ctx.data_unchecked::<Admissions>();
        let outcome = change_recording::compose_recording(&mut tx, admissions, id).await;
        recorded(ctx, tx, outcome.map(session_of)).await
    }
}

fn session_of(recording: Recording) -> SessionId {
    recording.session
}

/// What a change left behind, for somebody who may make it.
async fn recorded<E>(
    ctx: &Context<'_>,
    tx: TenantTx,
    outcome: Result<SessionId, E>,
) -> Answer<SessionRecordings>
where
    E: Into<Refusal> + Send,
{
    let session = tx.finish(outcome).await?;
    let mut tx = ctx.read(permissions::RECORD).await?;
    SessionRecordings::read(&mut tx, session, true).await
}

async fn switched(ctx: &Context<'_>, session: &ID, on: bool) -> Answer<SessionBroadcast> {
    let mut tx = ctx.write(permissions::BROADCAST).await?;
    let id: SessionId = parse_id(session)?;
    let outcome =
        switch_broadcast::switch_broadcast(&mut tx, ctx.data_unchecked::<Admissions>(), id, on).await;
    let tenant = tx.tenant();
    let broadcast = tx.finish(outcome).await?;
    SessionBroadcast::new(ctx, tenant, &broadcast, true).await
}
