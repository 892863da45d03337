use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;
use uuid::Uuid;

use super::events::{Notice, Notices};
use super::protocol::{MediaState, ParticipantView, ServerMessage, VERSION};
use super::stage::{Floor, Presence, Stage};
use super::{CloseReason, Part, RoomToken};
use crate::driver::Source;
use plenum_media::Medium;

/// What the registry asks of a session.
pub(super) enum Command {
    /// Pass this on to the browser.
    Tell(ServerMessage),
    /// This participant is gone.
    Unseat(Uuid),
    /// This participant's stream flows.
    Feed { participant: Uuid, source: Arc<Source> },
    /// This participant's stream has ended.
    Starve { participant: Uuid, source: Medium },
    /// This is what is shown and heard now, to whoever watches.
    Stage(Arc<Stage>),
    /// End.
    Close(CloseReason),
}

pub(super) type Commands = mpsc::UnboundedSender<Command>;

/// All rooms of this server. One lock orders everything: what two participants are told, and what is told about them,
/// agrees because it was decided in one place, one after the other.
pub(super) struct Registry {
    rooms: Mutex<HashMap<Uuid, Room>>,
    notices: Notices,
}

/// Members in the order in which they came, and those who watch them.
#[derive(Default)]
struct Room {
    members: Vec<Member>,
    watchers: Vec<Watcher>,
    recorder: Option<Recorder>,
    floor: Floor,
    /// What the watchers and the recorder were told last.
    stage: Arc<Stage>,
}

struct Watcher {
    token: Arc<RoomToken>,
    connection: Uuid,
    commands: Commands,
}

/// Who keeps what is published.
struct Recorder {
    recording: Uuid,
    commands: Commands,
}

struct Member {
    token: Arc<RoomToken>,
    connection: Uuid,
    media: MediaState,
    sources: BTreeMap<Medium, Arc<Source>>,
    commands: Commands,
}

/// Which connection speaks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Speaker {
    pub(super) room: Uuid,
    pub(super) participant: Uuid,
    pub(super) connection: Uuid,
}

impl Registry {
    pub(super) fn new(notices: Notices) -> Self {
        Self { rooms: Mutex::default(), notices }
    }

    /// Lets a connection into its room, in place of an older one of the same participant.
    pub(super) fn admit(&self, token: &Arc<RoomToken>, connection: Uuid, commands: Commands) {
        let mut rooms = self.rooms();
        let room = rooms.entry(token.room).or_default();
        let older = room.members.iter().position(|member| member.token.participant == token.participant);
        if let Some(older) = older.map(|older| room.members.remove(older)) {
            older.close(CloseReason::Replaced);
            room.command_all(|| Command::Unseat(older.token.participant));
            self.note(Notice::Left { token: older.token, connection: older.connection });
        }
        let member = Member {
            token: Arc::clone(token),
            connection,
            media: MediaState::default(),
            sources: BTreeMap::new(),
            commands,
        };
        member.command(Command::Tell(ServerMessage::Welcome {
            version: VERSION,
            room: token.room,
            participant: token.participant,
            connection,
            participants: room.members.iter().map(Member::view).collect(),
        }));
        for other in &room.members {
            let participant = other.token.participant;
            for source in other.sources.values() {
                member.command(Command::Feed { participant, source: Arc::clone(source) });
            }
        }
        let view = member.view();
        room.command_all(|| Command::Tell(ServerMessage::ParticipantJoined { participant: view.clone() }));
        room.members.push(member);
        room.restage();
        self.note(Notice::Joined { token: Arc::clone(token), connection });
    }

    /// Lets somebody watch a room, whom nobody there sees.
    pub(super) fn admit_watcher(&self, token: &Arc<RoomToken>, connection: Uuid, commands: Commands) {
        let mut rooms = self.rooms();
        let room = rooms.entry(token.room).or_default();
        let watcher = Watcher { token: Arc::clone(token), connection, commands };
        watcher.command(Command::Stage(Arc::clone(&room.stage)));
        room.watchers.push(watcher);
        room.restage();
        self.note(Notice::Joined { token: Arc::clone(token), connection });
    }

    /// The speaker has begun or ceased to speak.
    pub(super) fn speaks(&self, speaker: Speaker, speaks: bool) {
        self.with(speaker, |room, _| room.floor.note(speaker.participant, speaks));
    }

    /// Lets a recorder hear a room from now on, in place of another one. Where nobody is, nothing is recorded.
    pub(super) fn admit_recorder(&self, room: Uuid, recording: Uuid, commands: Commands) -> bool {
        let mut rooms = self.rooms();
        let Some(room) = rooms.get_mut(&room).filter(|room| !room.members.is_empty()) else { return false };
        for member in &room.members {
            let participant = member.token.participant;
            for source in member.sources.values() {
                // One that has just ended is told of no more.
                let _ = commands.send(Command::Feed { participant, source: Arc::clone(source) });
            }
        }
        let _ = commands.send(Command::Stage(Arc::clone(&room.stage)));
        room.recorder = Some(Recorder { recording, commands });
        room.restage();
        true
    }

    /// Whether somebody is in this room.
    pub(super) fn has(&self, room: Uuid) -> bool {
        self.rooms().contains_key(&room)
    }

    /// Which recording is made of a room.
    pub(super) fn recording_of(&self, room: Uuid) -> Option<Uuid> {
        Some(self.rooms().get(&room)?.recorder.as_ref()?.recording)
    }

    /// Nothing more is recorded of a room.
    pub(super) fn end_recording(&self, room: Uuid) {
        if let Some(room) = self.rooms().get_mut(&room) {
            room.recorder = None;
        }
    }

    /// All who watch a room are sent away.
    pub(super) fn end_watching(&self, room: Uuid) {
        self.take_watchers(room, |_| true, Some(CloseReason::RoomClosed));
    }

    /// A connection is gone. Nothing happens if it was replaced or removed before.
    pub(super) fn leave(&self, speaker: Speaker) {
        self.take_out(speaker.room, |member| member.is(speaker), None);
        self.take_watchers(speaker.room, |watcher| watcher.connection == speaker.connection, None);
    }

    /// A stream of the speaker flows.
    pub(super) fn published(&self, speaker: Speaker, source: Arc<Source>) {
        self.with(speaker, |room, at| {
            let medium = source.medium();
            room.members[at].sources.insert(medium, Arc::clone(&source));
            let participant = speaker.participant;
            room.command_others(at, || {
                Command::Tell(ServerMessage::TrackPublished { participant, source: medium })
            });
            room.command_others(at, || Command::Feed { participant, source: Arc::clone(&source) });
        });
    }

    /// A stream of the speaker has ended. Nothing happens if another of the same kind has taken its place.
    pub(super) fn unpublished(&self, speaker: Speaker, ended: &Arc<Source>) {
        self.with(speaker, |room, at| {
            let source = ended.medium();
            let sources = &mut room.members[at].sources;
            if !sources.get(&source).is_some_and(|present| Arc::ptr_eq(present, ended)) {
                return;
            }
            sources.remove(&source);
            let participant = speaker.participant;
            room.command_others(at, || {
                Command::Tell(ServerMessage::TrackUnpublished { participant, source })
            });
            room.command_others(at, || Command::Starve { participant, source });
        });
    }

    /// The speaker has switched something on or off.
    pub(super) fn media(&self, speaker: Speaker, media: MediaState) {
        self.with(speaker, |room, at| {
            room.members[at].media = media;
            let participant = speaker.participant;
            room.command_others(at, || Command::Tell(ServerMessage::MediaChanged { participant, media }));
        });
    }

    pub(super) fn remove(&self, room: Uuid, participant: Uuid) {
        self.take_out(room, |member| member.token.participant == participant, Some(CloseReason::Removed));
        self.take_watchers(
            room,
            |watcher| watcher.token.participant == participant,
            Some(CloseReason::Removed),
        );
    }

    pub(super) fn close_room(&self, room: Uuid, reason: CloseReason) {
        self.take_out(room, |_| true, Some(reason));
        self.take_watchers(room, |_| true, Some(reason));
    }

    pub(super) fn close_all(&self, reason: CloseReason) {
        let open: Vec<Uuid> = self.rooms().keys().copied().collect();
        for room in open {
            self.close_room(room, reason);
        }
    }

    /// Rooms, participants and watchers.
    pub(super) fn count(&self) -> (usize, usize, usize) {
        let rooms = self.rooms();
        let members = rooms.values().map(|room| room.members.len()).sum();
        (rooms.len(), members, rooms.values().map(|room| room.watchers.len()).sum())
    }

    pub(super) fn refused(&self, why: super::Refused) {
        self.note(Notice::Refused(why));
    }

    /// Takes members out, tells the rest, and forgets an empty room.
    fn take_out(&self, id: Uuid, gone: impl Fn(&Member) -> bool, reason: Option<CloseReason>) {
        let mut rooms = self.rooms();
        let Some(room) = rooms.get_mut(&id) else { return };
        let (out, stay): (Vec<Member>, Vec<Member>) =
            std::mem::take(&mut room.members).into_iter().partition(|member| gone(member));
        room.members = stay;
        for member in out {
            if let Some(reason) = reason {
                member.close(reason);
            }
            let (participant, connection) = (member.token.participant, member.connection);
            room.floor.forget(participant);
            room.command_all(|| Command::Tell(ServerMessage::ParticipantLeft { participant, connection }));
            room.command_all(|| Command::Unseat(participant));
            self.note(Notice::Left { token: member.token, connection });
        }
        if room.members.is_empty() {
            room.recorder = None;
        }
        room.restage();
        if room.is_empty() {
            rooms.remove(&id);
        }
    }

    fn take_watchers(&self, id: Uuid, gone: impl Fn(&Watcher) -> bool, reason: Option<CloseReason>) {
        let mut rooms = self.rooms();
        let Some(room) = rooms.get_mut(&id) else { return };
        let (out, stay): (Vec<Watcher>, Vec<Watcher>) =
            std::mem::take(&mut room.watchers).into_iter().partition(|watcher| gone(watcher));
        room.watchers = stay;
        for watcher in out {
            if let Some(reason) = reason {
                watcher.command(Command::Close(reason));
            }
            self.note(Notice::Left { token: watcher.token, connection: watcher.connection });
        }
        if room.is_empty() {
            rooms.remove(&id);
        }
    }

    /// Acts on the speaker's place in the room; a connection that was replaced has none and changes nothing.
    fn with(&self, speaker: Speaker, act: impl FnOnce(&mut Room, usize)) {
        let mut rooms = self.rooms();
        if let Some(room) = rooms.get_mut(&speaker.room)
            && let Some(at) = room.members.iter().position(|member| member.is(speaker))
        {
            act(room, at);
            room.restage();
        }
    }

    fn note(&self, notice: Notice) {
        // The receiver lives as long as the server; after its end nobody wants to know.
        let _ = self.notices.send(notice);
    }

    fn rooms(&self) -> MutexGuard<'_, HashMap<Uuid, Room>> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Room {
    fn is_empty(&self) -> bool {
        self.members.is_empty() && self.watchers.is_empty()
    }

    /// Tells the watchers and the recorder what is shown and heard, when that has changed.
    fn restage(&mut self) {
        if self.watchers.is_empty() && self.recorder.is_none() {
            return;
        }
        let present = self.members.iter().map(|member| Presence {
            participant: member.token.participant,
            is_device: member.token.part == Part::Device,
            media: member.media,
            sources: &member.sources,
        });
        let stage = Stage::of(&self.floor, present);
        if stage != *self.stage {
            self.stage = Arc::new(stage);
            for watcher in &self.watchers {
                watcher.command(Command::Stage(Arc::clone(&self.stage)));
            }
            self.command_recorder(|| Command::Stage(Arc::clone(&self.stage)));
        }
    }

    fn command_all(&self, command: impl Fn() -> Command) {
        self.members.iter().for_each(|member| member.command(command()));
        self.command_recorder(command);
    }

    fn command_recorder(&self, command: impl FnOnce() -> Command) {
        if let Some(recorder) = &self.recorder {
            // One that broke off leaves the rest of the room alone.
            let _ = recorder.commands.send(command());
        }
    }

    fn command_others(&self, at: usize, command: impl Fn() -> Command) {
        for (index, member) in self.members.iter().enumerate() {
            if index != at {
                member.command(command());
            }
        }
        self.command_recorder(command);
    }
}

impl Watcher {
    fn command(&self, command: Command) {
        // One that has just ended will leave in a moment.
        let _ = self.commands.send(command);
    }
}

impl Member {
    fn is(&self, speaker: Speaker) -> bool {
        self.token.participant == speaker.participant && self.connection == speaker.connection
    }

    fn view(&self) -> ParticipantView {
        ParticipantView {
            participant: self.token.participant,
            connection: self.connection,
            name: self.token.name.clone(),
            label: self.token.label.clone(),
            media: self.media,
            published: self.sources.keys().copied().collect(),
        }
    }

    fn close(&self, reason: CloseReason) {
        self.command(Command::Close(reason));
    }

    fn command(&self, command: Command) {
        // A session that has just ended will leave in a moment.
        let _ = self.commands.send(command);
    }
}

#[cfg(test)]
#[path = "registry_tests.rs"]
mod tests;
