//! Recordings in the API.

use std::collections::HashMap;

use async_graphql::{Context, Enum, ID, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use plenum_bodies_api::{Entry, SessionId, SessionOutline};
use plenum_db::TenantTx;
use plenum_graph::{Answer, Door, Refusal, global};
use plenum_kernel::ErrorCode;
use plenum_meetings_api::RecordingId;

use crate::{
    Admissions,
    actions::change_recording::RecordingError,
    permissions,
    store::recordings::{self, Mark, Outcome},
};

impl From<RecordingError> for Refusal {
    fn from(error: RecordingError) -> Self {
        match error {
            RecordingError::Session(error) => error.into(),
            RecordingError::GoesOn => Self::conflict("recording_goes_on"),
            RecordingError::Removed => Self::conflict("recording_removed"),
            RecordingError::Past => Self::invalid_field("until", "past"),
            RecordingError::TooLate => Self::invalid_field("until", "too_late"),
        }
    }
}

/// Where a recording stands.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum RecordingState {
    /// The film is being made.
    Composing,
    /// It can be watched.
    Ready,
    /// Nobody was in the room, so that nothing was recorded.
    Empty,
    /// The film could not be made; nothing is lost.
    Failed,
    /// It was removed, by somebody or after its time.
    Removed,
}

/// An item of the agenda within a recording.
#[derive(SimpleObject)]
pub struct RecordingChapter {
    title: String,
    /// From its beginning, in seconds.
    at_seconds: i32,
}

/// What was recorded of a session.
#[derive(SimpleObject)]
#[graphql(name = "Recording")]
pub struct RecordingNode {
    /// Its id.
    id: ID,
    /// When it began.
    started_at: DateTime<Utc>,
    /// When it was stopped.
    stopped_at: DateTime<Utc>,
    state: RecordingState,
    /// How much of the film is made, in percent, while it is.
    progress: i32,
    /// How long it plays, in seconds; null until it is ready.
    duration_seconds: Option<i32>,
    /// How large it is, in bytes; null until it is ready.
    size_bytes: Option<i64>,
    /// Which items of the agenda are where in it, in the order of time.
    #[graphql(complexity = "plenum_graph::cost::list(20, child_complexity)")]
    chapters: Vec<RecordingChapter>,
    /// The last day on which it is kept.
    kept_until: NaiveDate,
}

/// The recordings of a session, for those on its roll and those who may record it.
#[derive(SimpleObject)]
pub struct SessionRecordings {
    /// The session.
    session: ID,
    /// Since when a recording is being made; null when none is.
    recording_since: Option<DateTime<Utc>>,
    /// Whether the viewer may start, stop, keep and remove recordings.
    can_manage: bool,
    /// What was recorded, the oldest first.
    #[graphql(complexity = "plenum_graph::cost::list(10, child_complexity)")]
    recordings: Vec<RecordingNode>,
}

impl SessionRecordings {
    /// Reads them, for somebody who may see them.
    pub(super) async fn read(tx: &mut TenantTx, session: SessionId, can_manage: bool) -> Answer<Self> {
        let all = recordings::of_session(tx, session).await?;
        let mut chapters: HashMap<RecordingId, Vec<RecordingChapter>> = HashMap::new();
        for Mark { recording, title, at_seconds } in recordings::marks(tx, session).await? {
            chapters.entry(recording).or_default().push(RecordingChapter { title, at_seconds });
        }
        let recording_since = all.iter().find(|one| one.stopped_at.is_none()).map(|one| one.started_at);
        let finished = all.into_iter().filter_map(|one| Some((one.stopped_at?, one)));
        let recordings = finished.map(|(stopped_at, one)| {
            let is_there = one.removed_at.is_none();
            let (state, reel) = match one.outcome {
                _ if !is_there => (RecordingState::Removed, None),
                None => (RecordingState::Composing, None),
                Some(Outcome::Ready(reel)) => (RecordingState::Ready, Some(reel)),
                Some(Outcome::Empty) => (RecordingState::Empty, None),
                Some(Outcome::Failed) => (RecordingState::Failed, None),
            };
            RecordingNode {
                id: global(one.id),
                started_at: one.started_at,
                stopped_at,
                state,
                progress: one.progress.into(),
                duration_seconds: reel.map(|reel| reel.seconds),
                size_bytes: reel.map(|reel| reel.bytes),
                chapters: chapters.remove(&one.id).filter(|_| is_there).unwrap_or_default(),
                kept_until: one.kept_until,
            }
        });
        Ok(Self { session: global(session), recording_since, can_manage, recordings: recordings.collect() })
    }
}

/// The session, and whether the viewer may record it, when they may see what was recorded of it.
async fn shown_to(
    tx: &mut TenantTx,
    admissions: &Admissions,
    session: SessionId,
) -> Answer<(SessionOutline, bool)> {
    let outline = admissions.bodies.outline(tx, session).await?.ok_or_else(Refusal::not_found)?;
    let can_manage = tx.allows(permissions::RECORD, &outline.place);
    let account = tx.viewer().account().ok_or_else(Refusal::unauthenticated)?;
    if !can_manage && admissions.bodies.entry(tx, session, account).await? == Entry::NotInvited {
        return Err(Refusal::forbidden("not_invited"));
    }
    Ok((outline, can_manage))
}

/// What is pushed.
pub(super) async fn seen(
    door: &Door,
    admissions: &Admissions,
    session: SessionId,
) -> Answer<SessionRecordings> {
    let mut tx = door.read(permissions::JOIN).await?;
    let (_, can_manage) = shown_to(&mut tx, admissions, session).await?;
    SessionRecordings::read(&mut tx, session, can_manage).await
}

/// The path of the film.
pub(super) async fn path(ctx: &Context<'_>, mut tx: TenantTx, id: RecordingId) -> Answer<String> {
    let recording = recordings::by_id(&mut tx, id).await?.ok_or_else(Refusal::not_found)?;
    let admissions = ctx.data_unchecked::<Admissions>();
    shown_to(&mut tx, admissions, recording.session).await.map_err(|refused| {
        // Whoever may not see the session learns nothing of its recordings.
        if refused.code() == ErrorCode::Forbidden { Refusal::not_found() } else { refused }
    })?;
    match recording.outcome {
        Some(Outcome::Ready(reel)) if recording.removed_at.is_none() => {
            let files = ctx.data_unchecked::<plenum_files::Files>();
            Ok(files.recorded_link(&tx, reel.file, plenum_files::LinkAct::Get))
        }
        _ => Err(Refusal::conflict("no_film")),
    }
}
