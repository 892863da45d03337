//! The film of a recording.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use plenum_bodies_api::SessionId;
use plenum_files::{File, FileId, store as files};
use plenum_jobs::{Job, JobContext, JobError};
use plenum_kernel::TypedId;
use plenum_meetings_api::RecordingId;
use plenum_recordings::{Chapter, Film, FilmError, compose};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::{
    Tools,
    actions::{change_recording::remove_after, told},
    shelf::RecordingShelf,
    store::recordings::{self, Outcome, Recording, Reel},
};

/// Make it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ComposeRecording {
    pub(crate) recording: RecordingId,
}

impl Job for ComposeRecording {
    const KIND: &'static str = "meetings.compose_recording";
}

/// The servers that recorded have so long to keep the last pieces. A part without an end is taken as it is afterwards: its
/// server has died.
const PATIENCE: TimeDelta = TimeDelta::seconds(30);
/// Whatever the clock of the database's servers says.
const MOST_PATIENCE: Duration = Duration::from_mins(1);
/// Meanwhile it is looked this often.
const AGAIN: Duration = Duration::from_millis(500);
/// How often those who wait are told how far it is.
const TELL: Duration = Duration::from_secs(2);
const AS: &str = "meetings.compose_recording";

pub(crate) async fn compose_recording(
    context: &JobContext,
    tools: &Tools,
    job: ComposeRecording,
) -> Result<(), JobError> {
    let mut tx = context.write(AS).await?;
    let Some(recording) = recordings::by_id(&mut tx, job.recording).await? else { return Ok(()) };
    let Some(stopped_at) = recording.stopped_at.filter(|_| awaited(&recording)) else { return Ok(()) };
    let considered = tools.bodies.considered(&mut tx, recording.session).await?;
    drop(tx);
    // The first chapter begins with the film, unless an item does: players take the first one to.
    let beginning = ("Начало записи".to_owned(), recording.started_at);
    let items = considered.into_iter().map(|one| (format!("{}. {}", one.position, one.title), one.began_at));
    let chapters: Vec<Chapter> = std::iter::once(beginning)
        .chain(items)
        .map(|(title, at)| Chapter {
            title,
            at_unix_ms: u64::try_from(at.timestamp_millis()).unwrap_or_default(),
        })
        .collect();
    let began = Instant::now();
    let made = loop {
        let abandoned = context.db.clock().now() - stopped_at >= PATIENCE || began.elapsed() >= MOST_PATIENCE;
        match make(context, tools, &recording, &chapters, abandoned).await {
            // The last pieces are on their way to the store.
            Err(FilmError::Unfinished) if !abandoned => tokio::time::sleep(AGAIN).await,
            made => break made,
        }
    };
    match made {
        Ok(()) => Ok(()),
        Err(FilmError::Nothing) => settle(context, &recording, Outcome::Empty).await,
        // The store or the disk may be back in a moment.
        Err(error @ (FilmError::Shelf(_) | FilmError::Folder(_))) if !context.is_last_attempt => {
            Err(JobError::retry(error))
        }
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error, recording.id = %recording.id,
                "the film of a recording could not be made"
            );
            settle(context, &recording, Outcome::Failed).await
        }
    }
}

/// Whether its film is to be made.
fn awaited(recording: &Recording) -> bool {
    recording.outcome.is_none() && recording.removed_at.is_none()
}

async fn settle(context: &JobContext, recording: &Recording, outcome: Outcome) -> Result<(), JobError> {
    let mut tx = context.write(AS).await?;
    recordings::settle(&mut tx, recording.id, Some(outcome)).await?;
    told(&mut tx, recording.session).await?;
    tx.commit().await?;
    Ok(())
}

async fn make(
    context: &JobContext,
    tools: &Tools,
    recording: &Recording,
    chapters: &[Chapter],
    abandoned: bool,
) -> Result<(), FilmError> {
    let folder = tempfile::Builder::new().prefix("film-").tempdir_in(&tools.folder)?;
    let shelf = RecordingShelf::new(tools.files.clone());
    let (scope, id) = (context.tenant.uuid(), recording.id.uuid());
    let (percent, percents) = watch::channel(0_u8);
    let teller = tokio::spawn(tell(context.clone(), recording.id, recording.session, percents));
    let progress = move |done| {
        // Nobody may listen.
        let _ = percent.send(done);
    };
    let film = compose(&tools.ffmpeg, &shelf, scope, id, folder.path(), chapters, abandoned, &progress).await;
    drop(progress);
    teller.abort();
    keep(context, tools, recording, film?).await
}

/// Tells those who wait how far it is.
async fn tell(
    context: JobContext,
    recording: RecordingId,
    session: SessionId,
    mut percents: watch::Receiver<u8>,
) {
    let mut tick = tokio::time::interval(TELL);
    loop {
        tick.tick().await;
        if percents.changed().await.is_err() {
            return;
        }
        let percent = i16::from(*percents.borrow_and_update());
        let told = async {
            let mut tx = context.write(AS).await?;
            recordings::progress(&mut tx, recording, percent).await?;
            told(&mut tx, session).await?;
            tx.commit().await?;
            Ok::<(), JobError>(())
        };
        if let Err(error) = told.await {
            tracing::warn!(?error, "could not tell how far a film is");
        }
    }
}

/// Keeps the film, and then forgets what it was made of.
async fn keep(
    context: &JobContext,
    tools: &Tools,
    recording: &Recording,
    film: Film,
) -> Result<(), FilmError> {
    let lost = |error: Box<dyn std::error::Error + Send + Sync>| {
        FilmError::Shelf(plenum_recordings::ShelfError(error))
    };
    let id = FileId::new();
    let bytes = std::fs::File::open(&film.path)?;
    let (size, sha256) =
        tools.files.put(context.tenant, id, bytes).await.map_err(|error| lost(Box::new(error)))?;
    let written = write(context, tools, recording, &film, id, size, sha256).await;
    let kept = written.map_err(|error| lost(format!("{error:?}").into()))?;
    if !kept {
        tools.files.discard(context.tenant, id).await.map_err(|error| lost(Box::new(error)))?;
    }
    // What is left over is removed with the film.
    if let Err(error) = tools.files.discard_pieces(context.tenant, recording.id.uuid()).await {
        tracing::warn!(%error, recording.id = %recording.id, "the pieces of a recording were not removed");
    }
    Ok(())
}

/// Whether it is wanted still.
async fn write(
    context: &JobContext,
    tools: &Tools,
    recording: &Recording,
    film: &Film,
    id: FileId,
    size_bytes: i64,
    sha256: Vec<u8>,
) -> Result<bool, JobError> {
    let mut tx = context.write(AS).await?;
    let now = recordings::lock(&mut tx, recording.id).await?;
    if !now.as_ref().is_some_and(awaited) {
        return Ok(false);
    }
    let at = recording.started_at.with_timezone(&tools.time_zone);
    let file = File {
        id,
        name: format!("Запись заседания {}.mp4", at.format("%d.%m.%Y %H-%M")),
        content_type: "video/mp4".to_owned(),
        size_bytes,
        sha256: Some(sha256),
        created_by: None,
    };
    files::insert(&mut tx, &file).await?;
    let seconds = |length: Duration| i32::try_from(length.as_secs()).unwrap_or(i32::MAX);
    let reel = Reel { file: id, seconds: seconds(film.length), bytes: size_bytes };
    recordings::settle(&mut tx, recording.id, Some(Outcome::Ready(reel))).await?;
    let (titles, places): (Vec<String>, Vec<i32>) =
        film.chapters.iter().map(|(title, at)| (title.clone(), seconds(*at))).unzip();
    recordings::mark(&mut tx, recording.id, &titles, &places).await?;
    remove_after(&mut tx, recording.id, now.map_or(recording.kept_until, |now| now.kept_until)).await?;
    told(&mut tx, recording.session).await?;
    tx.commit().await?;
    Ok(true)
}
