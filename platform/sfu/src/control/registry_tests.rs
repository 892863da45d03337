use std::sync::Arc;

use tokio::sync::mpsc;
use uuid::Uuid;

use super::{Command, Registry, Speaker};
use crate::control::events::Notice;
use crate::control::protocol::{MediaState, ServerMessage};
use crate::control::{CloseReason, Part, RoomToken};
use crate::driver::Source;
use plenum_media::Medium;

const ROOM: Uuid = Uuid::from_u128(100);
const ANNA: Uuid = Uuid::from_u128(1);
const BORIS: Uuid = Uuid::from_u128(2);

/// A registry, and what it says about its rooms.
struct World {
    registry: Registry,
    notices: mpsc::UnboundedReceiver<Notice>,
}

/// A connection as a session would hold it.
struct Connection {
    speaker: Speaker,
    commands: mpsc::UnboundedReceiver<Command>,
}

fn token(room: Uuid, participant: Uuid) -> RoomToken {
    RoomToken {
        scope: Uuid::nil(),
        room,
        participant,
        name: format!("{participant}"),
        label: String::new(),
        part: Part::Person,
        expires_at: 0,
    }
}

impl World {
    fn new() -> Self {
        let (tx, notices) = mpsc::unbounded_channel();
        Self { registry: Registry::new(tx), notices }
    }

    fn join(&self, participant: Uuid, connection: u128) -> Connection {
        let token = Arc::new(token(ROOM, participant));
        let connection = Uuid::from_u128(connection);
        let (tx, commands) = mpsc::unbounded_channel();
        self.registry.admit(&token, connection, tx);
        Connection { speaker: Speaker { room: ROOM, participant, connection }, commands }
    }

    fn notices(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.notices.try_recv().ok())
            .map(|notice| match notice {
                Notice::Joined { token, connection } => {
                    format!("joined {} {}", token.participant.as_u128(), connection.as_u128())
                }
                Notice::Left { token, connection } => {
                    format!("left {} {}", token.participant.as_u128(), connection.as_u128())
                }
                other => format!("{other:?}"),
            })
            .collect()
    }
}

impl Connection {
    /// What the session was asked to do since the last look, in short.
    fn heard(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.commands.try_recv().ok())
            .map(|command| match command {
                Command::Tell(ServerMessage::Welcome { participants, .. }) => {
                    let ids: Vec<_> = participants.iter().map(|view| view.participant.as_u128()).collect();
                    format!("welcome {ids:?}")
                }
                Command::Tell(ServerMessage::ParticipantJoined { participant }) => {
                    format!(
                        "joined {} {}",
                        participant.participant.as_u128(),
                        participant.connection.as_u128()
                    )
                }
                Command::Tell(ServerMessage::ParticipantLeft { participant, .. }) => {
                    format!("left {}", participant.as_u128())
                }
                Command::Tell(ServerMessage::MediaChanged { participant, media }) => {
                    format!("media {} {} {}", participant.as_u128(), media.microphone, media.camera)
                }
                Command::Tell(ServerMessage::TrackPublished { participant, source }) => {
                    format!("published {} {source:?}", participant.as_u128())
                }
                Command::Tell(ServerMessage::TrackUnpublished { participant, source }) => {
                    format!("unpublished {} {source:?}", participant.as_u128())
                }
                Command::Tell(other) => format!("{other:?}"),
                Command::Stage(stage) => format!("stage {} {}", stage.voices.len(), stage.pictures.len()),
                Command::Unseat(participant) => format!("unseat {}", participant.as_u128()),
                Command::Feed { participant, source } => {
                    format!("feed {} {:?}", participant.as_u128(), source.medium())
                }
                Command::Starve { participant, source } => {
                    format!("starve {} {source:?}", participant.as_u128())
                }
                Command::Close(reason) => format!("close {reason:?}"),
            })
            .collect()
    }
}

#[test]
fn those_in_a_room_learn_of_each_other() {
    let mut world = World::new();
    let mut anna = world.join(ANNA, 11);
    let mut boris = world.join(BORIS, 21);
    assert_eq!(anna.heard(), ["welcome []", "joined 2 21"]);
    assert_eq!(boris.heard(), ["welcome [1]"]);

    world.registry.leave(anna.speaker);
    assert_eq!(boris.heard(), ["left 1", "unseat 1"]);
    assert_eq!(world.notices(), ["joined 1 11", "joined 2 21", "left 1 11"]);
}

#[test]
fn who_reconnects_is_never_missing_or_double() {
    let mut world = World::new();
    let mut boris = world.join(BORIS, 21);
    let mut older = world.join(ANNA, 11);
    boris.heard();
    older.heard();

    let mut newer = world.join(ANNA, 12);
    assert_eq!(older.heard(), ["close Replaced"]);
    assert_eq!(newer.heard(), ["welcome [2]"]);
    // No "left": the new state replaces the old in one step.
    assert_eq!(boris.heard(), ["unseat 1", "joined 1 12"]);

    world.registry.leave(older.speaker);
    assert_eq!(boris.heard(), [""; 0], "the replaced connection has no say any more");
    assert_eq!(world.notices(), ["joined 2 21", "joined 1 11", "left 1 11", "joined 1 12"]);
    assert_eq!(world.registry.count(), (1, 2, 0));
}

#[test]
fn streams_reach_those_present_and_those_who_come_later() {
    let world = World::new();
    let mut anna = world.join(ANNA, 11);
    let mut boris = world.join(BORIS, 21);
    anna.heard();
    boris.heard();

    let camera = Arc::new(Source::of_nobody(Medium::Camera));
    world.registry.published(anna.speaker, Arc::clone(&camera));
    assert_eq!(boris.heard(), ["published 1 Camera", "feed 1 Camera"]);
    assert_eq!(anna.heard(), [""; 0], "nobody receives themselves");

    let mut late = world.join(Uuid::from_u128(3), 31);
    assert_eq!(late.heard(), ["welcome [1, 2]", "feed 1 Camera"]);

    world.registry.unpublished(anna.speaker, &camera);
    assert_eq!(late.heard(), ["unpublished 1 Camera", "starve 1 Camera"]);
    world.registry.unpublished(anna.speaker, &camera);
    assert_eq!(late.heard(), [""; 0]);
}

#[test]
fn a_stream_that_ends_late_does_not_end_its_successor() {
    let world = World::new();
    let anna = world.join(ANNA, 11);
    let mut boris = world.join(BORIS, 21);
    let older = Arc::new(Source::of_nobody(Medium::Camera));
    world.registry.published(anna.speaker, Arc::clone(&older));
    world.registry.published(anna.speaker, Arc::new(Source::of_nobody(Medium::Camera)));
    boris.heard();
    world.registry.unpublished(anna.speaker, &older);
    assert_eq!(boris.heard(), [""; 0]);
}

#[test]
fn a_replaced_connection_cannot_speak() {
    let world = World::new();
    let mut boris = world.join(BORIS, 21);
    let older = world.join(ANNA, 11);
    let _newer = world.join(ANNA, 12);
    boris.heard();
    world.registry.media(older.speaker, MediaState { microphone: true, ..Default::default() });
    world.registry.published(older.speaker, Arc::new(Source::of_nobody(Medium::Camera)));
    assert_eq!(boris.heard(), [""; 0]);
}

#[test]
fn everybody_sees_what_is_switched_on() {
    let world = World::new();
    let anna = world.join(ANNA, 11);
    let mut boris = world.join(BORIS, 21);
    boris.heard();
    world.registry.media(anna.speaker, MediaState { microphone: true, camera: false, screen: false });
    assert_eq!(boris.heard(), ["media 1 true false"]);
}

#[test]
fn removal_takes_effect_at_once() {
    let mut world = World::new();
    let mut anna = world.join(ANNA, 11);
    let mut boris = world.join(BORIS, 21);
    anna.heard();
    boris.heard();
    world.registry.remove(ROOM, ANNA);
    assert_eq!(anna.heard(), ["close Removed"]);
    assert_eq!(boris.heard(), ["left 1", "unseat 1"]);
    assert_eq!(world.notices().last().map(String::as_str), Some("left 1 11"));
}

#[test]
fn an_empty_room_is_forgotten() {
    let world = World::new();
    let mut anna = world.join(ANNA, 11);
    let _boris = world.join(BORIS, 21);
    assert_eq!(world.registry.count(), (1, 2, 0));
    world.registry.close_room(ROOM, CloseReason::RoomClosed);
    assert!(anna.heard().contains(&"close RoomClosed".to_owned()));
    assert_eq!(world.registry.count(), (0, 0, 0));
}

#[test]
fn rooms_are_apart() {
    let world = World::new();
    let mut anna = world.join(ANNA, 11);
    anna.heard();
    let token = Arc::new(token(Uuid::from_u128(101), BORIS));
    let (tx, _commands) = mpsc::unbounded_channel();
    world.registry.admit(&token, Uuid::from_u128(21), tx);
    assert_eq!(anna.heard(), [""; 0]);
    assert_eq!(world.registry.count(), (2, 2, 0));
}

#[test]
fn whoever_watches_is_told_the_stage_and_nobody_is_told_of_them() {
    let mut world = World::new();
    let mut anna = world.join(ANNA, 11);
    let watcher = Arc::new(RoomToken { part: Part::Watcher, ..token(ROOM, BORIS) });
    let (tx, commands) = mpsc::unbounded_channel();
    let connection = Uuid::from_u128(21);
    world.registry.admit_watcher(&watcher, connection, tx);
    let mut watching =
        Connection { speaker: Speaker { room: ROOM, participant: BORIS, connection }, commands };
    anna.heard();
    assert_eq!(watching.heard(), ["stage 0 0"]);

    world.registry.media(anna.speaker, MediaState { microphone: true, camera: true, screen: false });
    let camera = Arc::new(Source::of_nobody(Medium::Camera));
    world.registry.published(anna.speaker, Arc::new(Source::of_nobody(Medium::Microphone)));
    world.registry.published(anna.speaker, Arc::clone(&camera));
    world.registry.speaks(anna.speaker, true);
    assert_eq!(watching.heard(), ["stage 1 0", "stage 1 1"], "speaking alone changes nothing");
    world.registry.unpublished(anna.speaker, &camera);
    assert_eq!(watching.heard(), ["stage 1 0"]);
    assert_eq!(world.registry.count(), (1, 1, 1));

    world.registry.leave(anna.speaker);
    assert_eq!(watching.heard(), ["stage 0 0"]);
    assert_eq!(world.registry.count(), (1, 0, 1), "those who watch wait for the next");
    world.registry.close_room(ROOM, CloseReason::RoomClosed);
    assert_eq!(watching.heard().len(), 1);
    assert_eq!(world.registry.count(), (0, 0, 0));
    assert_eq!(anna.heard(), Vec::<String>::new());
    assert_eq!(world.notices(), ["joined 1 11", "joined 2 21", "left 1 11", "left 2 21"]);
}
