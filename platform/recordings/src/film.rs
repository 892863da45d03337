//! The film of a recording: MP4 with H.264 and AAC, which every phone plays.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::Duration;

use tokio::fs;
use tokio::io::AsyncWriteExt as _;
use uuid::Uuid;

use crate::pieces::{Piece, Shelf, ShelfError, Shown};
use crate::script::{self, Part, RATE, Shot, Track, pictures_at};
use crate::tool::Tool;
use crate::track::{Kind, head};

/// So many voices are mixed at once; more are mixed in groups first.
const VOICES_AT_ONCE: usize = 16;
/// How the pictures are made to fit: 1280 × 720, 25 in a second, on a dark ground.
const FITTING: &str = "scale=1280:720:force_original_aspect_ratio=decrease,\
                       pad=1280:720:(ow-iw)/2:(oh-ih)/2:color=0x1b2430,setsar=1,format=yuv420p";
const GROUND: &str = "color=c=0x1b2430:s=1280x720:r=25";
/// All shots are coded alike, so that they can follow each other as they are.
const CODING: [&str; 14] = [
    "-an", "-c:v", "libx264", "-preset", "veryfast", "-crf", "25", "-bf", "0", "-g", "125", "-pix_fmt",
    "yuv420p", "-sn",
];

/// Why there is no film.
#[derive(Debug, thiserror::Error)]
pub enum FilmError {
    /// Nothing was recorded, or not long enough to be seen.
    #[error("nothing was recorded")]
    Nothing,
    /// A part may not be complete yet, or the first one not have begun: its server keeps pieces of it still, or died.
    #[error("a part has not come to its end")]
    Unfinished,
    /// The pieces cannot be had.
    #[error(transparent)]
    Shelf(#[from] ShelfError),
    /// The folder cannot be written.
    #[error("could not write to the folder")]
    Folder(#[from] io::Error),
    /// ffmpeg cannot be run.
    #[error("ffmpeg cannot be run")]
    Tool(#[source] io::Error),
    /// ffmpeg did not come to an end.
    #[error("ffmpeg did not come to an end within {0:?}")]
    Hangs(Duration),
    /// ffmpeg failed.
    #[error("ffmpeg failed ({0}): {1}")]
    Failed(ExitStatus, String),
}

/// What begins at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chapter {
    /// What it is called.
    pub title: String,
    /// When: milliseconds since 1970.
    pub at_unix_ms: u64,
}

/// A film.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Film {
    /// Where it lies.
    pub path: PathBuf,
    /// How long it plays.
    pub length: Duration,
    /// Its chapters, with their places from the beginning.
    pub chapters: Vec<(String, Duration)>,
}

/// Makes the film of a recording in `folder`, which is empty and stays the caller's. `progress` is told in percent.
/// `abandoned` tells that nothing more can come of parts that did not come to their end.
///
/// # Errors
/// [`FilmError`].
#[expect(clippy::too_many_arguments, reason = "each is one thing, and there is one caller")]
pub async fn compose(
    tool: &Tool,
    shelf: &dyn Shelf,
    scope: Uuid,
    recording: Uuid,
    folder: &Path,
    chapters: &[Chapter],
    abandoned: bool,
    progress: &(dyn Fn(u8) + Send + Sync),
) -> Result<Film, FilmError> {
    let mut parts = script::parts(shelf.list(scope, recording).await?);
    if !abandoned && (parts.is_empty() || parts.iter().any(|part| !part.is_whole)) {
        return Err(FilmError::Unfinished);
    }
    parts.retain(Part::is_seen);
    if parts.is_empty() {
        return Err(FilmError::Nothing);
    }
    let studio = Studio { tool, shelf, scope, recording, folder };
    let all: u64 = parts.iter().map(Part::pictures).sum();
    let (mut shots, mut sounds, mut done) = (String::new(), String::new(), 0);
    for (place, part) in parts.iter().enumerate() {
        let sound = format!("sound-{place}.flac");
        studio.mix(part, place, &sound).await?;
        sounds.push_str(&format!("file {sound}\n"));
        let changes = studio.changes(part).await?;
        for (number, shot) in part.shots(&changes).into_iter().enumerate() {
            let name = format!("shot-{place}-{number}.mkv");
            let count = pictures_at(shot.to) - pictures_at(shot.from);
            if count == 0 {
                continue;
            }
            studio.shoot(part, shot, count, &name).await?;
            shots.push_str(&format!("file {name}\n"));
            done += count;
            // The rest is put together in no time.
            progress(u8::try_from(done * 95 / all.max(1)).unwrap_or(95));
        }
    }
    let chapters = script::places(&parts, chapters);
    let length = all * 1_000 / RATE;
    fs::write(folder.join("shots.txt"), shots).await?;
    fs::write(folder.join("sounds.txt"), sounds).await?;
    fs::write(folder.join("chapters.txt"), script::metadata(&chapters, length)).await?;
    let length = Duration::from_millis(length);
    #[rustfmt::skip]
    let arguments = [
        "-f", "concat", "-i", "shots.txt", "-f", "concat", "-i", "sounds.txt", "-f", "ffmetadata", "-i", "chapters.txt",
        "-map", "0:v", "-map", "1:a", "-map_metadata", "2", "-map_chapters", "2",
        "-c:v", "copy", "-c:a", "aac", "-b:a", "96k", "-movflags", "+faststart", "film.mp4",
    ];
    tool.run(folder, length, &arguments).await?;
    progress(100);
    let chapters = chapters.into_iter().map(|(title, at)| (title, Duration::from_millis(at))).collect();
    Ok(Film { path: folder.join("film.mp4"), length, chapters })
}

struct Studio<'a> {
    tool: &'a Tool,
    shelf: &'a dyn Shelf,
    scope: Uuid,
    recording: Uuid,
    folder: &'a Path,
}

impl Studio<'_> {
    /// What was shown when. A line that cannot be read was cut off with its server.
    async fn changes(&self, part: &Part) -> Result<Vec<Shown>, FilmError> {
        let mut changes = Vec::new();
        for piece in &part.stage {
            let bytes = self.shelf.get(self.scope, self.recording, piece).await?;
            let lines = bytes.split(|byte| *byte == b'\n');
            changes.extend(lines.filter_map(|line| serde_json::from_slice::<Shown>(line).ok()));
        }
        Ok(changes)
    }

    /// Puts pieces of a track together to a file.
    async fn fetch(&self, kind: Kind, pieces: &[Piece], name: &str) -> Result<(), FilmError> {
        let mut file = fs::File::create(self.folder.join(name)).await?;
        file.write_all(&head(kind)).await?;
        for piece in pieces {
            file.write_all(&self.shelf.get(self.scope, self.recording, piece).await?).await?;
        }
        file.flush().await?;
        Ok(())
    }

    /// Makes the pictures of a shot.
    async fn shoot(&self, part: &Part, shot: Shot, count: u64, name: &str) -> Result<(), FilmError> {
        if let Some(track) = shot.track.and_then(|track| part.tracks.get(&track)) {
            match self.shoot_track(track, shot, count, name).await {
                Ok(()) => return Ok(()),
                // What one participant sent must not cost the film.
                Err(FilmError::Failed(status, told)) => {
                    tracing::warn!(%status, told, recording.id = %self.recording, "a shot could not be made");
                }
                Err(error) => return Err(error),
            }
        }
        let frames = count.to_string();
        let arguments = [&["-f", "lavfi", "-i", GROUND], &CODING[..], &["-frames:v", &frames, name]].concat();
        self.tool.run(self.folder, length(count), &arguments).await
    }

    async fn shoot_track(&self, track: &Track, shot: Shot, count: u64, name: &str) -> Result<(), FilmError> {
        self.fetch(track.kind, track.needed(shot.from, shot.to), "track.webm").await?;
        let seconds = |ms: u32| f64::from(ms) / 1_000.0;
        let (from, to) = (seconds(shot.from), seconds(shot.to));
        // What was shown before the shot began stays until something new comes, and the last picture to its end.
        let filter = format!(
            "setpts=PTS-{from}/TB,fps={RATE}:start_time=0:round=up,trim=start=0:end={},setpts=PTS-STARTPTS,\
             tpad=stop_mode=clone:stop=-1,{FITTING}",
            to - from
        );
        let frames = count.to_string();
        let arguments =
            [&["-copyts", "-i", "track.webm", "-vf", &filter], &CODING[..], &["-frames:v", &frames, name]]
                .concat();
        self.tool.run(self.folder, length(count), &arguments).await?;
        fs::remove_file(self.folder.join("track.webm")).await?;
        Ok(())
    }

    /// Mixes all voices of a part, exactly as long as its pictures.
    async fn mix(&self, part: &Part, place: usize, name: &str) -> Result<(), FilmError> {
        let plays = length(part.pictures());
        let mut voices = Vec::new();
        for (number, track) in part.tracks.iter().filter(|(_, track)| track.kind == Kind::Voice) {
            let voice = format!("voice-{place}-{number}.webm");
            self.fetch(track.kind, &track.pieces, &voice).await?;
            voices.push(voice);
        }
        let mut round = 0;
        while voices.len() > VOICES_AT_ONCE {
            let mut mixed = Vec::new();
            for (group, some) in voices.chunks(VOICES_AT_ONCE).enumerate() {
                let together = format!("group-{place}-{round}-{group}.flac");
                self.mix_some(some, plays, &together).await?;
                mixed.push(together);
            }
            voices = mixed;
            round += 1;
        }
        self.mix_some(&voices, plays, name).await
    }

    async fn mix_some(&self, voices: &[String], plays: Duration, name: &str) -> Result<(), FilmError> {
        // Silence, for as long as it lasts: whoever speaks does so into it.
        let mut inputs = vec!["-f", "lavfi", "-i", "anullsrc=r=48000:cl=mono"];
        let mut filter = String::new();
        for (place, voice) in voices.iter().enumerate() {
            inputs.extend(["-i", voice]);
            // Where nothing was sent is silence.
            filter.push_str(&format!(
                "[{}:a]aresample=48000:async=1:first_pts=0,aformat=channel_layouts=mono[v{place}];",
                place + 1
            ));
        }
        filter.push_str("[0:a]");
        for place in 0..voices.len() {
            filter.push_str(&format!("[v{place}]"));
        }
        filter
            .push_str(&format!("amix=inputs={}:normalize=0:duration=first,alimiter[all]", voices.len() + 1));
        let seconds = plays.as_secs_f64().to_string();
        let arguments = [
            &["-copyts"],
            &inputs[..],
            &["-filter_complex", &filter, "-map", "[all]", "-t", &seconds, "-c:a", "flac", name],
        ]
        .concat();
        self.tool.run(self.folder, plays, &arguments).await?;
        for voice in voices {
            fs::remove_file(self.folder.join(voice)).await?;
        }
        Ok(())
    }
}

fn length(pictures: u64) -> Duration {
    Duration::from_millis(pictures * 1_000 / RATE)
}
