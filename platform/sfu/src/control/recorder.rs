//! Keeps what is published in a room: one part of a recording.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use plenum_media::{Assembler, Frame, Medium, RecordedPacket, SourceId};
use plenum_recordings::{Content, Kind, Piece, Shelf, Shown, TrackWriter};
use tokio::sync::mpsc;
use tokio::time::MissedTickBehavior;
use uuid::Uuid;

use super::registry::Command;
use super::sfu::Shared;
use crate::driver::Source;

/// A piece is kept when it is this long, in milliseconds: a server that is killed loses no more than this and what is on
/// its way, five seconds at most.
const PIECE_MS: u32 = 2_500;
/// Or so large, in bytes.
const PIECE_MAX_BYTES: usize = 2 * 1024 * 1024;
/// How often it is looked what is due.
const LOOK: Duration = Duration::from_millis(250);
/// Packets that are taken at one time.
const TURN: usize = 256;
/// Pieces that are on their way to the store at one time.
const AT_ONCE: usize = 4;
/// Pieces that a store does not take wait in so many bytes; more would cost the rooms their memory.
const WAITING_MAX_BYTES: usize = 256 * 1024 * 1024;
/// A store that failed is asked again after this.
const AGAIN: Duration = Duration::from_secs(1);

/// Begins to record a room; where nobody is, nothing happens.
pub(super) fn begin(shared: &Arc<Shared>, shelf: &Arc<dyn Shelf>, room: Uuid, scope: Uuid, recording: Uuid) {
    let (commands_tx, commands) = mpsc::unbounded_channel();
    let (packets_tx, packets) = mpsc::unbounded_channel();
    let part = shared.now_ms();
    let (pieces, kept) = Pieces::new(Arc::clone(shelf), scope, recording);
    let recorder = Recorder {
        part,
        beginning: Instant::now(),
        tracks: HashMap::new(),
        count: 0,
        shown: None,
        told: None,
        lines: Vec::new(),
        lines_count: 0,
        packets_tx,
        pieces,
    };
    let open = shared.open_session();
    if !shared.registry().admit_recorder(room, recording, commands_tx) {
        return;
    }
    tracing::info!(%room, %recording, part, "a recording goes on");
    tokio::spawn(async move {
        recorder.run(commands, packets).await;
        if kept.await.is_err() {
            tracing::error!(%recording, part, "the pieces of a recording were not kept");
        }
        tracing::info!(%room, %recording, part, "a part of a recording has ended");
        drop(open);
    });
}

struct Recorder {
    /// When it began: milliseconds since 1970.
    part: u64,
    beginning: Instant,
    tracks: HashMap<SourceId, Track>,
    /// Tracks so far.
    count: u32,
    /// Whose pictures are shown.
    shown: Option<SourceId>,
    /// What was told of that last.
    told: Option<u32>,
    lines: Vec<u8>,
    lines_count: u32,
    packets_tx: mpsc::UnboundedSender<RecordedPacket>,
    pieces: Pieces,
}

struct Track {
    participant: Uuid,
    source: Arc<Source>,
    assembler: Assembler,
    writer: TrackWriter,
    number: u32,
    /// Of pictures, once one has come.
    size: Option<(u16, u16)>,
    /// Whether whoever publishes has it switched on.
    is_on: bool,
    /// Whether pictures were left out, so that nothing goes on without a key frame.
    awaits_key_frame: bool,
}

impl Recorder {
    async fn run(
        mut self,
        mut commands: mpsc::UnboundedReceiver<Command>,
        mut packets: mpsc::UnboundedReceiver<RecordedPacket>,
    ) {
        let mut look = tokio::time::interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut some = Vec::with_capacity(TURN);
        loop {
            tokio::select! {
                command = commands.recv() => match command {
                    Some(command) => self.on_command(command),
                    // The room is empty, or nothing more is to be recorded.
                    None => break,
                },
                _ = packets.recv_many(&mut some, TURN) => {
                    for packet in some.drain(..) {
                        self.on_packet(packet);
                    }
                }
                _ = look.tick() => self.keep(false),
            }
        }
        let ended: Vec<SourceId> = self.tracks.keys().copied().collect();
        for source in ended {
            self.end(source);
        }
        self.keep(true);
        self.pieces.put(Piece { part: self.part, content: Content::End }, Vec::new());
    }

    fn on_command(&mut self, command: Command) {
        match command {
            Command::Feed { participant, source } => self.add(participant, source),
            Command::Starve { participant, source: medium } => {
                let ended = self
                    .tracks
                    .iter()
                    .find(|(_, track)| track.participant == participant && track.source.medium() == medium);
                if let Some(source) = ended.map(|(source, _)| *source) {
                    self.end(source);
                }
            }
            Command::Unseat(participant) => {
                let theirs = self.tracks.iter().filter(|(_, track)| track.participant == participant);
                let ended: Vec<SourceId> = theirs.map(|(source, _)| *source).collect();
                for source in ended {
                    self.end(source);
                }
            }
            Command::Stage(stage) => {
                for (id, track) in &mut self.tracks {
                    let kind = if track.is_pictures() { &stage.pictures } else { &stage.voices };
                    let is_on = kind.iter().any(|source| source.id() == *id);
                    track.awaits_key_frame |= track.is_pictures() && is_on && !track.is_on;
                    track.is_on = is_on;
                }
                let shown = stage.pictures.first().map(|source| source.id());
                if shown != self.shown {
                    self.shown = shown;
                    // So that the film can begin with it here.
                    if let Some(source) = stage.pictures.first() {
                        source.ask_key_frame();
                    }
                    self.tell_shown();
                }
            }
            Command::Tell(_) | Command::Close(_) => {}
        }
    }

    fn add(&mut self, participant: Uuid, source: Arc<Source>) {
        let id = source.id();
        // Another stream of the same kind takes the place of the one before.
        let before = self.tracks.iter().find(|(known, track)| {
            **known != id && track.participant == participant && track.source.medium() == source.medium()
        });
        if let Some(before) = before.map(|(before, _)| *before) {
            self.end(before);
        }
        source.record(Some(self.packets_tx.clone()));
        let track = Track {
            participant,
            assembler: Assembler::new(source.medium(), self.beginning),
            source,
            writer: TrackWriter::default(),
            number: self.count,
            size: None,
            is_on: false,
            awaits_key_frame: false,
        };
        self.count += 1;
        self.tracks.insert(id, track);
    }

    /// Nothing more comes of it.
    fn end(&mut self, source: SourceId) {
        let Some(mut track) = self.tracks.remove(&source) else { return };
        track.source.record(None);
        track.assembler.finish();
        while let Some(frame) = track.assembler.pop() {
            self.take(&mut track, frame);
        }
        self.pieces.put_track(self.part, &mut track);
        if self.shown == Some(source) {
            self.shown = None;
            self.tell_shown();
        }
    }

    fn on_packet(&mut self, packet: RecordedPacket) {
        let source = packet.source;
        // One that has ended since.
        let Some(mut track) = self.tracks.remove(&source) else { return };
        track.assembler.push(packet);
        while let Some(frame) = track.assembler.pop() {
            self.take(&mut track, frame);
        }
        if track.assembler.takes_key_frame_wish() && track.is_on {
            track.source.ask_key_frame();
        }
        let is_changed = self.shown == Some(source);
        self.tracks.insert(source, track);
        if is_changed {
            self.tell_shown();
        }
    }

    /// Adds a frame. Pictures of another size are another track, so that each can be decoded in one go.
    fn take(&mut self, track: &mut Track, frame: Frame) {
        // Whoever has switched it off is not recorded, whatever their browser sends.
        if !track.is_on {
            track.awaits_key_frame = track.is_pictures();
            return;
        }
        if track.awaits_key_frame {
            if !frame.is_key {
                track.source.ask_key_frame();
                return;
            }
            track.awaits_key_frame = false;
        }
        if let Some(size) = frame.size
            && track.size.replace(size).is_some_and(|before| before != size)
        {
            self.pieces.put_track(self.part, track);
            track.number = self.count;
            self.count += 1;
        }
        let at = u32::try_from(frame.at.as_millis()).unwrap_or(u32::MAX);
        track.writer.push(at, frame.is_key, frame.bytes);
        if track.writer.size() >= PIECE_MAX_BYTES {
            self.pieces.put_track(self.part, track);
        }
    }

    /// Notes which track is shown from now on, if that is another one.
    fn tell_shown(&mut self) {
        let shown = self.shown.and_then(|source| self.tracks.get(&source)).map(|track| track.number);
        if shown == self.told {
            return;
        }
        self.told = shown;
        let line = Shown { at: self.now(), track: shown };
        serde_json::to_writer(&mut self.lines, &line).expect("a line is plain data, and memory takes it");
        self.lines.push(b'\n');
    }

    /// Keeps what is due, or everything.
    fn keep(&mut self, everything: bool) {
        let now = self.now();
        for track in self.tracks.values_mut() {
            if track.writer.since().is_some_and(|since| everything || since + PIECE_MS <= now) {
                self.pieces.put_track(self.part, track);
            }
        }
        if !self.lines.is_empty() {
            let content = Content::Stage { number: self.lines_count };
            self.lines_count += 1;
            self.pieces.put(Piece { part: self.part, content }, std::mem::take(&mut self.lines));
        }
    }

    /// Milliseconds since the part began.
    fn now(&self) -> u32 {
        u32::try_from(self.beginning.elapsed().as_millis()).unwrap_or(u32::MAX)
    }
}

impl Track {
    fn is_pictures(&self) -> bool {
        self.source.medium() != Medium::Microphone
    }
}

/// The way to the store.
struct Pieces {
    to_store: mpsc::UnboundedSender<(Piece, Vec<u8>)>,
    waiting: Arc<AtomicUsize>,
}

impl Pieces {
    /// And the end of it, when everything is kept.
    fn new(shelf: Arc<dyn Shelf>, scope: Uuid, recording: Uuid) -> (Self, tokio::task::JoinHandle<()>) {
        let (to_store, mut queue) = mpsc::unbounded_channel::<(Piece, Vec<u8>)>();
        let waiting = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&waiting);
        let kept = tokio::spawn(async move {
            let mut on_their_way = tokio::task::JoinSet::new();
            while let Some((piece, bytes)) = queue.recv().await {
                // The end of a part is told when all of it is there.
                while on_their_way.len() >= AT_ONCE
                    || (piece.content == Content::End && !on_their_way.is_empty())
                {
                    on_their_way.join_next().await;
                }
                let (shelf, counted) = (Arc::clone(&shelf), Arc::clone(&counted));
                on_their_way.spawn(async move {
                    let size = bytes.len();
                    while let Err(error) = shelf.put(scope, recording, &piece, bytes.clone()).await {
                        tracing::error!(
                            error = &error as &dyn std::error::Error, %recording,
                            "a piece of a recording was not kept, and is tried again"
                        );
                        tokio::time::sleep(AGAIN).await;
                    }
                    counted.fetch_sub(size, Ordering::AcqRel);
                });
            }
            on_their_way.join_all().await;
        });
        (Self { to_store, waiting }, kept)
    }

    fn put_track(&self, part: u64, track: &mut Track) {
        let kind = if track.is_pictures() { Kind::Picture } else { Kind::Voice };
        let Some(clusters) = track.writer.take() else { return };
        let content = Content::Track {
            track: track.number,
            kind,
            participant: track.participant,
            from: clusters.from,
            to: clusters.to,
            is_key: clusters.is_key,
        };
        self.put(Piece { part, content }, clusters.bytes);
    }

    fn put(&self, piece: Piece, bytes: Vec<u8>) {
        if self.waiting.load(Ordering::Acquire) + bytes.len() > WAITING_MAX_BYTES {
            tracing::error!(%piece, "a piece of a recording is lost: the store takes nothing");
            return;
        }
        self.waiting.fetch_add(bytes.len(), Ordering::AcqRel);
        // It ends after this.
        let _ = self.to_store.send((piece, bytes));
    }
}
