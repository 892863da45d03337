//! What is kept of a room.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use plenum_recordings::{Content, Kind, Piece, Shelf, ShelfError};
use tokio::sync::watch;
use uuid::Uuid;

use super::tests::{BORIS, World, token};

const SCOPE: Uuid = Uuid::from_u128(50);
const RECORDING: Uuid = Uuid::from_u128(51);

/// A store that fails the first time.
struct Memory {
    pieces: watch::Sender<Vec<(Piece, Vec<u8>)>>,
    failures: AtomicUsize,
}

impl Memory {
    fn new() -> Arc<Self> {
        Arc::new(Self { pieces: watch::Sender::new(Vec::new()), failures: AtomicUsize::new(1) })
    }

    /// Waits for a piece.
    async fn wait(&self, is_wanted: impl Fn(&Piece) -> bool) -> (Piece, Vec<u8>) {
        let mut pieces = self.pieces.subscribe();
        let found = pieces.wait_for(|all| all.iter().any(|(piece, _)| is_wanted(piece))).await.unwrap();
        found.iter().find(|(piece, _)| is_wanted(piece)).cloned().unwrap()
    }
}

#[async_trait]
impl Shelf for Memory {
    async fn put(
        &self,
        scope: Uuid,
        recording: Uuid,
        piece: &Piece,
        bytes: Vec<u8>,
    ) -> Result<(), ShelfError> {
        assert_eq!((scope, recording), (SCOPE, RECORDING));
        if self.failures.fetch_update(Ordering::AcqRel, Ordering::Acquire, |left| left.checked_sub(1)).is_ok()
        {
            return Err(ShelfError("the store is away".into()));
        }
        self.pieces.send_modify(|all| all.push((*piece, bytes)));
        Ok(())
    }

    async fn list(&self, _: Uuid, _: Uuid) -> Result<Vec<Piece>, ShelfError> {
        Ok(self.pieces.borrow().iter().map(|(piece, _)| *piece).collect())
    }

    async fn get(&self, _: Uuid, _: Uuid, _: &Piece) -> Result<Vec<u8>, ShelfError> {
        unreachable!("nothing is read here")
    }
}

fn is_voice_of(piece: &Piece, whose: Uuid) -> bool {
    matches!(piece.content, Content::Track { kind: Kind::Voice, participant, .. } if participant == whose)
}

#[tokio::test]
async fn what_is_said_is_kept_piece_by_piece_until_the_recording_ends() {
    let world = World::start().await;
    let shelf = Memory::new();
    world.sfu.keep_recordings(Arc::clone(&shelf) as Arc<dyn Shelf>);
    let room = token(BORIS).room;
    // Where nobody is, nothing is recorded.
    world.sfu.record(room, SCOPE, RECORDING).await;
    assert_eq!(world.sfu.load().sessions, 0);

    let (speaker, spoken) = world.speak().await;
    world.sfu.record(room, SCOPE, RECORDING).await;
    // As it is already.
    world.sfu.record(room, SCOPE, RECORDING).await;
    let (first, bytes) = shelf.wait(|piece| is_voice_of(piece, speaker)).await;
    assert!(!bytes.is_empty());
    let Content::Track { from, to, is_key, .. } = first.content else { unreachable!() };
    assert!(from < to && is_key, "{first}");
    // It is kept while it goes on.
    let next = |piece: &Piece| matches!(piece.content, Content::Track { from, .. } if from > to);
    shelf.wait(next).await;
    assert!(shelf.pieces.borrow().iter().all(|(piece, _)| piece.content != Content::End));

    world.sfu.end_recording(room).await;
    shelf.wait(|piece| piece.content == Content::End).await;
    let (last, _) = shelf.pieces.borrow().last().cloned().unwrap();
    assert_eq!(last.content, Content::End, "the end comes last");
    assert!(shelf.pieces.borrow().iter().all(|(piece, _)| piece.part == first.part));
    spoken.abort();
}

#[tokio::test]
async fn a_room_that_is_left_by_all_ends_its_part() {
    let world = World::start().await;
    let shelf = Memory::new();
    world.sfu.keep_recordings(Arc::clone(&shelf) as Arc<dyn Shelf>);
    let (_, spoken) = world.speak().await;
    world.sfu.record(token(BORIS).room, SCOPE, RECORDING).await;
    shelf.wait(|piece| matches!(piece.content, Content::Track { .. })).await;
    world.sfu.shutdown().await;
    // Everything is kept when the server has stopped.
    assert!(shelf.pieces.borrow().iter().any(|(piece, _)| piece.content == Content::End));
    spoken.abort();
}
