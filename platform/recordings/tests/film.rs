//! Films of recordings whose pictures and voices ffmpeg made up.

#![expect(clippy::unwrap_used, reason = "a test panics where something is not as expected")]

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use plenum_recordings::{
    Chapter, Content, FilmError, Kind, Piece, Shelf, ShelfError, Shown, Tool, TrackWriter, compose,
};
use uuid::Uuid;
use webm_iterable::WebmIterator;
use webm_iterable::matroska_spec::{MatroskaSpec, SimpleBlock};

const SCOPE: Uuid = Uuid::from_u128(1);
const RECORDING: Uuid = Uuid::from_u128(2);
/// When the first part began: milliseconds since 1970.
const BEGAN: u64 = 1_790_000_000_000;

#[derive(Default)]
struct Memory(Mutex<HashMap<Piece, Vec<u8>>>);

impl Memory {
    fn add(&self, part: u64, content: Content, bytes: Vec<u8>) {
        self.0.lock().unwrap().insert(Piece { part, content }, bytes);
    }

    /// What ffmpeg makes of this becomes a track, `after` milliseconds after the beginning of the part, in pieces of 2 s.
    fn track(&self, part: u64, track: u32, kind: Kind, after: u32, made: &[&str]) {
        let folder = tempfile::tempdir().unwrap();
        ffmpeg(folder.path(), &[made, &["track.webm"]].concat());
        let (mut begins, mut writer) = (0, TrackWriter::default());
        let keep = |writer: &mut TrackWriter| {
            let clusters = writer.take().expect("frames");
            let content = Content::Track {
                track,
                kind,
                participant: Uuid::from_u128(track.into()),
                from: clusters.from,
                to: clusters.to,
                is_key: clusters.is_key,
            };
            self.add(part, content, clusters.bytes);
        };
        let file = std::fs::File::open(folder.path().join("track.webm")).unwrap();
        for tag in WebmIterator::new(file, &[]) {
            match tag.unwrap() {
                MatroskaSpec::Timestamp(at) => begins = u32::try_from(at).unwrap(),
                MatroskaSpec::SimpleBlock(bytes) => {
                    let block = SimpleBlock::try_from(&bytes).unwrap();
                    let at = after + begins + u32::try_from(block.timestamp).unwrap();
                    if writer.since().is_some_and(|since| since + 2_000 <= at) {
                        keep(&mut writer);
                    }
                    writer.push(at, block.keyframe, block.raw_frame_data().to_vec());
                }
                _ => {}
            }
        }
        keep(&mut writer);
    }

    fn stage(&self, part: u64, lines: &[Shown]) {
        let lines = lines.iter().map(|line| serde_json::to_string(line).unwrap() + "\n");
        // The last line was cut off.
        self.add(part, Content::Stage { number: 0 }, (lines.collect::<String>() + "{\"at\":9").into_bytes());
    }
}

#[async_trait]
impl Shelf for Memory {
    async fn put(&self, _: Uuid, _: Uuid, piece: &Piece, bytes: Vec<u8>) -> Result<(), ShelfError> {
        self.0.lock().unwrap().insert(*piece, bytes);
        Ok(())
    }

    async fn list(&self, scope: Uuid, recording: Uuid) -> Result<Vec<Piece>, ShelfError> {
        assert_eq!((scope, recording), (SCOPE, RECORDING));
        Ok(self.0.lock().unwrap().keys().copied().collect())
    }

    async fn get(&self, _: Uuid, _: Uuid, piece: &Piece) -> Result<Vec<u8>, ShelfError> {
        self.0.lock().unwrap().get(piece).cloned().ok_or_else(|| ShelfError("there is no such piece".into()))
    }
}

fn ffmpeg(folder: &Path, arguments: &[&str]) {
    let status = Command::new("ffmpeg")
        .args(["-nostdin", "-hide_banner", "-loglevel", "error", "-y"])
        .args(arguments)
        .current_dir(folder)
        .status();
    assert!(status.expect("ffmpeg is there").success(), "{arguments:?}");
}

fn told(program: &str, folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let output = Command::new(program).args(arguments).current_dir(folder).output().expect("it is there");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// The colour in the middle of the picture at this second: red, green, blue.
fn colour(folder: &Path, at: &str) -> [u8; 3] {
    #[rustfmt::skip]
    let arguments = [
        "-loglevel", "error", "-ss", at, "-i", "film.mp4", "-frames:v", "1",
        "-vf", "crop=2:2,format=rgb24", "-f", "rawvideo", "-",
    ];
    let pixels = told("ffmpeg", folder, &arguments);
    [pixels[0], pixels[1], pixels[2]]
}

/// How loud it is from one second to another, in decibels below the loudest.
fn loudness(folder: &Path, from: &str, to: &str) -> f64 {
    let output = Command::new("ffmpeg")
        .args(["-ss", from, "-to", to, "-i", "film.mp4", "-vn", "-af", "volumedetect", "-f", "null", "-"])
        .current_dir(folder)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let word = text.split("mean_volume: ").nth(1).and_then(|rest| rest.split(' ').next());
    word.unwrap_or_else(|| panic!("{text}")).parse().unwrap()
}

fn picture<'a>(source: &'a str, seconds: &'a str) -> Vec<&'a str> {
    #[rustfmt::skip]
    let arguments = vec!["-f", "lavfi", "-i", source, "-t", seconds, "-c:v", "libvpx", "-b:v", "300k", "-g", "50"];
    arguments
}

fn voice<'a>(source: &'a str, seconds: &'a str) -> Vec<&'a str> {
    vec!["-f", "lavfi", "-i", source, "-t", seconds, "-ac", "2", "-c:a", "libopus"]
}

async fn film(
    shelf: &Memory,
    folder: &Path,
    chapters: &[Chapter],
    abandoned: bool,
) -> Result<plenum_recordings::Film, FilmError> {
    let tool = Tool::new("ffmpeg".into());
    let percent = Mutex::new(Vec::new());
    let made = compose(&tool, shelf, SCOPE, RECORDING, folder, chapters, abandoned, &|done| {
        percent.lock().unwrap().push(done);
    })
    .await;
    let percent = percent.into_inner().unwrap();
    assert!(percent.is_sorted() && (made.is_err() || percent.last() == Some(&100)), "{percent:?}");
    made
}

#[tokio::test]
async fn a_film_shows_who_was_on_stage_and_sounds_like_all() {
    let shelf = Memory::default();
    // A red picture all the time, a blue one of another size from the third second on, and two voices.
    shelf.track(BEGAN, 0, Kind::Picture, 0, &picture("color=c=red:s=640x360:r=25", "8"));
    shelf.track(BEGAN, 1, Kind::Picture, 3_000, &picture("color=c=blue:s=360x640:r=15", "5"));
    shelf.track(BEGAN, 2, Kind::Voice, 2_000, &voice("sine=f=440:r=48000", "2"));
    shelf.track(BEGAN, 3, Kind::Voice, 6_000, &voice("sine=f=880:r=48000", "2"));
    let shown = |at, track| Shown { at, track };
    shelf.stage(BEGAN, &[shown(1_000, Some(0)), shown(4_000, Some(1)), shown(6_000, Some(0))]);
    // After an interruption of a minute, a voice and no picture; this part has no end.
    let later = BEGAN + 68_000;
    shelf.track(later, 0, Kind::Voice, 0, &voice("sine=f=440:r=48000", "3"));

    let chapter = |title: &str, after| Chapter { title: title.to_owned(), at_unix_ms: BEGAN + after };
    let chapters =
        [chapter("1. Отчёт; вопросы", 0), chapter("2. Выборы", 5_000), chapter("3. Разное", 69_500)];
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(film(&shelf, folder.path(), &chapters, false).await, Err(FilmError::Unfinished)));
    let made = film(&shelf, folder.path(), &chapters, true).await.unwrap();

    // 8 s and 3 s, but for the last pictures and sounds, which have no length here.
    let seconds = made.length.as_secs_f64();
    assert!((10.8..11.1).contains(&seconds), "{seconds}");
    let first = seconds - 3.0;
    let places: Vec<f64> = made.chapters.iter().map(|(_, at)| at.as_secs_f64()).collect();
    assert_eq!(places[..2], [0.0, 5.0]);
    assert!((places[2] - first - 1.5).abs() < 0.1, "{places:?}");

    let probed = told(
        "ffprobe",
        folder.path(),
        &["-loglevel", "error", "-of", "json", "-show_format", "-show_streams", "-show_chapters", "film.mp4"],
    );
    let probed: serde_json::Value = serde_json::from_slice(&probed).unwrap();
    let kinds: Vec<&str> =
        probed["streams"].as_array().unwrap().iter().filter_map(|one| one["codec_name"].as_str()).collect();
    assert!(kinds.starts_with(&["h264", "aac"]), "{kinds:?}");
    let length: f64 = probed["format"]["duration"].as_str().unwrap().parse().unwrap();
    assert!((length - seconds).abs() < 0.1, "{length} instead of {seconds}");
    let titles: Vec<&str> = probed["chapters"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["tags"]["title"].as_str())
        .collect();
    assert_eq!(titles, ["1. Отчёт; вопросы", "2. Выборы", "3. Разное"]);

    let is = |at: &str, channel: usize| {
        let colour = colour(folder.path(), at);
        let others = (0..3).filter(|other| *other != channel);
        assert!(others.into_iter().all(|other| colour[channel] > colour[other] + 60), "{colour:?} at {at}");
    };
    let is_dark = |at: &str| {
        let colour = colour(folder.path(), at);
        assert!(colour.iter().all(|part| *part < 80), "{colour:?} at {at}");
    };
    is_dark("0.5");
    is("1.5", 0);
    is("3.8", 0);
    is("4.2", 2);
    is("5.8", 2);
    is("6.2", 0);
    is_dark("9");
    for (from, to) in [("2.2", "3.8"), ("6.2", "7.8"), ("8.2", "10.5")] {
        assert!(loudness(folder.path(), from, to) > -35.0, "{from} to {to}");
    }
    for (from, to) in [("0", "1.8"), ("4.2", "5.8")] {
        assert!(loudness(folder.path(), from, to) < -60.0, "{from} to {to}");
    }
}

#[tokio::test]
async fn what_one_participant_sent_costs_only_their_picture() {
    let shelf = Memory::default();
    shelf.track(BEGAN, 0, Kind::Voice, 0, &voice("sine=f=440:r=48000", "3"));
    let rubbish = Content::Track {
        track: 1,
        kind: Kind::Picture,
        participant: Uuid::nil(),
        from: 0,
        to: 2_900,
        is_key: true,
    };
    shelf.add(BEGAN, rubbish, vec![0xA3; 5_000]);
    shelf.stage(BEGAN, &[Shown { at: 0, track: Some(1) }]);
    shelf.add(BEGAN, Content::End, Vec::new());
    let folder = tempfile::tempdir().unwrap();
    let made = film(&shelf, folder.path(), &[], false).await.unwrap();
    assert!(made.length > Duration::from_secs(2));
    assert!(loudness(folder.path(), "0", "2") > -35.0);
}

#[tokio::test]
async fn of_many_voices_all_are_heard() {
    let shelf = Memory::default();
    for (track, second) in (0..18).zip(0..) {
        shelf.track(BEGAN, track, Kind::Voice, second * 500, &voice("sine=f=440:r=48000", "0.5"));
    }
    shelf.add(BEGAN, Content::End, Vec::new());
    let folder = tempfile::tempdir().unwrap();
    film(&shelf, folder.path(), &[], false).await.unwrap();
    for second in 0..8 {
        let (from, to) = (second.to_string(), (second + 1).to_string());
        assert!(loudness(folder.path(), &from, &to) > -35.0, "in second {second}");
    }
}

#[tokio::test]
async fn where_nothing_was_recorded_is_no_film() {
    let shelf = Memory::default();
    shelf.add(BEGAN, Content::End, Vec::new());
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(film(&shelf, folder.path(), &[], true).await, Err(FilmError::Nothing)));
}
