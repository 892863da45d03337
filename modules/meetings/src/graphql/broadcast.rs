//! Broadcasts in the API.

use async_graphql::{Context, Enum, ID, Object, SimpleObject, Subscription};
use chrono::{DateTime, Utc};
use futures_util::{Stream, StreamExt};
use plenum_authz::{Permission, Viewer};
use plenum_bodies_api::{Entry, SessionId};
use plenum_db::Access;
use plenum_graph::{Answer, Door, Doors, Refusal, global, parse_id};
use plenum_kernel::TenantId;
use plenum_live::{Live, Topic};
use plenum_tenancy::store::tenants;
use uuid::Uuid;

use crate::{
    Admissions,
    actions::{
        OnSessionError,
        watch_broadcast::{self, Stand},
    },
    permissions,
    store::broadcasts::{self, Broadcast},
};

use super::recording::{self, SessionRecordings};

/// Where encoders publish.
pub(super) const WHIP: &str = "/sfu/whip";
/// Where players watch.
const WHEP: &str = "/sfu/whep";
/// The platform's own look at a broadcast, for whoever has its link.
const WATCH: Permission = Permission::new("meetings.watch");
/// The longest name of an encoder, in characters.
const LONGEST_NAME: usize = 60;

impl From<OnSessionError> for Refusal {
    fn from(error: OnSessionError) -> Self {
        match error {
            OnSessionError::Permit(error) => error.into(),
            OnSessionError::Over => Self::conflict("session_over"),
            OnSessionError::Store(error) => error.into(),
        }
    }
}

/// The name of an encoder, as others see it.
pub(super) fn read_name(name: &str) -> Answer<String> {
    let name = name.trim();
    let reason = if name.is_empty() {
        "empty"
    } else if name.chars().count() > LONGEST_NAME {
        "too_long"
    } else if name.chars().any(char::is_control) {
        "sign"
    } else {
        return Ok(name.to_owned());
    };
    Err(Refusal::invalid_field("name", reason))
}

/// The broadcast of a session, for those who are in it.
#[derive(SimpleObject)]
pub struct SessionBroadcast {
    /// The session.
    session: ID,
    /// Whether everybody who has the link can watch.
    is_on: bool,
    /// Since when.
    started_at: Option<DateTime<Utc>>,
    /// The page on which it is watched; null while it is off, for those who cannot switch it on.
    path: Option<String>,
    /// Whether an encoder may publish into the room.
    has_encoder: bool,
    /// Whether the viewer may switch it.
    can_manage: bool,
}

/// An encoder that was let in.
#[derive(SimpleObject)]
pub struct GiveEncoderPayload {
    pub(super) broadcast: SessionBroadcast,
    /// Where it publishes (WHIP), from the installation's own address.
    pub(super) endpoint: &'static str,
    /// Its bearer token.
    pub(super) token: String,
    /// Until when it may begin to publish.
    pub(super) expires_at: DateTime<Utc>,
}

impl SessionBroadcast {
    pub(super) async fn new(
        ctx: &Context<'_>,
        tenant: TenantId,
        broadcast: &Broadcast,
        can_manage: bool,
    ) -> Answer<Self> {
        let mut tx = ctx.db().global(None).await?;
        let slug = tenants::by_id(tx.conn(), tenant).await?.map(|tenant| tenant.slug).unwrap_or_default();
        Ok(Self::of(&slug, broadcast, can_manage))
    }

    fn of(slug: &str, broadcast: &Broadcast, can_manage: bool) -> Self {
        let is_on = broadcast.started_at.is_some();
        let path = format!("/watch/{slug}/{}", broadcast.key.simple());
        Self {
            session: global(broadcast.session),
            is_on,
            started_at: broadcast.started_at,
            path: (is_on || can_manage).then_some(path),
            has_encoder: broadcast.encoder.is_some(),
            can_manage,
        }
    }

    fn none(session: SessionId, can_manage: bool) -> Self {
        Self {
            session: global(session),
            is_on: false,
            started_at: None,
            path: None,
            has_encoder: false,
            can_manage,
        }
    }
}

/// Where a broadcast stands.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum BroadcastState {
    /// It has not begun, or rests.
    Off,
    /// It can be watched.
    On,
    /// The session is over.
    Over,
}

/// What whoever has the link of a broadcast is shown.
#[derive(SimpleObject)]
pub struct BroadcastOffer {
    /// What the session is called.
    title: String,
    /// Whose session it is.
    body: String,
    /// The organization.
    organization: String,
    /// When the session begins or began.
    starts_at: DateTime<Utc>,
    state: BroadcastState,
    /// Where it is watched (WHEP), from the installation's own address.
    endpoint: &'static str,
    /// The bearer token for it, good for two minutes; null while it is not on.
    token: Option<String>,
}

/// Root fields.
#[derive(Default)]
pub struct MeetingsQuery;

#[Object]
impl MeetingsQuery {
    /// What whoever has the link of a broadcast can watch; null when there is no such link. Needs no session.
    async fn broadcast(
        &self,
        ctx: &Context<'_>,
        organization: String,
        key: String,
    ) -> Answer<Option<BroadcastOffer>> {
        let Ok(key) = Uuid::try_parse(&key) else { return Ok(None) };
        let mut global = ctx.db().global(None).await?;
        let Some(tenant) = tenants::by_slug(&mut global, &organization).await? else { return Ok(None) };
        drop(global);
        let viewer = Viewer::system(tenant.id, "meetings.watch");
        let mut tx = ctx.db().tenant(&viewer, WATCH, Access::Read).await?;
        let admissions = ctx.data_unchecked::<Admissions>();
        let Some(shown) = watch_broadcast::watch_broadcast(&mut tx, admissions, key).await? else {
            return Ok(None);
        };
        let (state, token) = match shown.stand {
            Stand::Off => (BroadcastState::Off, None),
            Stand::On(token) => (BroadcastState::On, Some(token)),
            Stand::Over => (BroadcastState::Over, None),
        };
        Ok(Some(BroadcastOffer {
            title: shown.title,
            body: shown.body,
            organization: tenant.name,
            starts_at: shown.starts_at,
            state,
            endpoint: WHEP,
            token,
        }))
    }

    /// The path at which the film of a recording is fetched and played, for ten minutes: its use is recorded.
    async fn recording_path(&self, ctx: &Context<'_>, recording: ID) -> Answer<String> {
        let tx = ctx.read(permissions::JOIN).await?;
        recording::path(ctx, tx, parse_id(&recording)?).await
    }
}

/// Root fields that push.
#[derive(Default)]
pub struct MeetingsSubscription;

#[Subscription]
impl MeetingsSubscription {
    /// Whether a session is broadcast, at once and after each change of the session: for those on its roll, and for those
    /// who may broadcast it.
    async fn session_broadcast(
        &self,
        ctx: &Context<'_>,
        session: ID,
    ) -> Result<impl Stream<Item = Answer<SessionBroadcast>> + use<>, Refusal> {
        let (door, admissions) = (ctx.door(), ctx.data_unchecked::<Admissions>().clone());
        let tenant = door.read(permissions::JOIN).await?.tenant();
        let id: SessionId = parse_id(&session)?;
        seen(&door, &admissions, id).await?;
        let news = ctx.data_unchecked::<Live>().watch(Topic::of(tenant, id));
        // Read anew each time, under the rights that the viewer has then.
        Ok(news.then(move |()| {
            let (door, admissions) = (door.clone(), admissions.clone());
            async move { seen(&door, &admissions, id).await }
        }))
    }

    /// The recordings of a session, at once and after each change of the session: for those on its roll, and for those who
    /// may record it.
    async fn session_recordings(
        &self,
        ctx: &Context<'_>,
        session: ID,
    ) -> Result<impl Stream<Item = Answer<SessionRecordings>> + use<>, Refusal> {
        let (door, admissions) = (ctx.door(), ctx.data_unchecked::<Admissions>().clone());
        let tenant = door.read(permissions::JOIN).await?.tenant();
        let id: SessionId = parse_id(&session)?;
        recording::seen(&door, &admissions, id).await?;
        let news = ctx.data_unchecked::<Live>().watch(Topic::of(tenant, id));
        Ok(news.then(move |()| {
            let (door, admissions) = (door.clone(), admissions.clone());
            async move { recording::seen(&door, &admissions, id).await }
        }))
    }
}

async fn seen(door: &Door, admissions: &Admissions, session: SessionId) -> Answer<SessionBroadcast> {
    let mut tx = door.read(permissions::JOIN).await?;
    let outline = admissions.bodies.outline(&mut tx, session).await?.ok_or_else(Refusal::not_found)?;
    let can_manage = tx.allows(permissions::BROADCAST, &outline.place);
    let account = tx.viewer().account().ok_or_else(Refusal::unauthenticated)?;
    if !can_manage && admissions.bodies.entry(&mut tx, session, account).await? == Entry::NotInvited {
        return Err(Refusal::forbidden("not_invited"));
    }
    let tenant = tx.tenant();
    let Some(broadcast) = broadcasts::of_session(&mut tx, session).await? else {
        return Ok(SessionBroadcast::none(session, can_manage));
    };
    let slug = tenants::by_id(tx.conn(), tenant).await?.map(|tenant| tenant.slug).unwrap_or_default();
    Ok(SessionBroadcast::of(&slug, &broadcast, can_manage))
}
