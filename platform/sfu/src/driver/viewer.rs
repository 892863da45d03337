use std::sync::Arc;

use plenum_media::{Command, Credentials, Outgoing, PeerId, Request, SourceId};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::engine::{Engine, Peer};
use super::source::Source;
use super::worker::PeerEvent;

/// The way out to a player: what it asked for, which shows and sounds whatever is on stage.
pub(crate) struct Viewer {
    peer: Peer,
    request: Request,
    streams: Vec<Outgoing>,
    /// What each of the streams carries.
    carried: Vec<Option<SourceId>>,
}

impl Viewer {
    /// Agrees to what the player asks for: the answer.
    pub(crate) fn open(
        engine: &Engine,
        room: Uuid,
        events: mpsc::UnboundedSender<PeerEvent>,
        request: Request,
    ) -> (Self, String) {
        let peer = engine.open(room, events);
        let streams = request.streams("stage");
        let answer = request.answer(&peer.local(), &streams);
        let carried = vec![None; streams.len()];
        let viewer = Self { peer, request, streams, carried };
        viewer.agree();
        (viewer, answer)
    }

    pub(crate) fn id(&self) -> PeerId {
        self.peer.id
    }

    /// The name of the present path.
    pub(crate) fn path(&self) -> &str {
        &self.peer.credentials.ufrag
    }

    /// Goes on by another path: where this side is reached from now on, as a fragment of a description.
    pub(crate) fn moved(&mut self, credentials: Credentials) -> String {
        self.peer.restart();
        self.request = self.request.moved(credentials);
        self.agree();
        self.request.fragment(&self.peer.local())
    }

    fn agree(&self) {
        self.peer.command(Command::Subscribe {
            peer: self.peer.id,
            local: self.peer.credentials.clone(),
            streams: self.streams.clone(),
            answer: self.request.agreed(),
        });
    }

    /// Carries as many of the voices and pictures as there are streams for, the first ones first. What is carried already
    /// stays where it is, so that nothing is torn.
    pub(crate) fn carry(&mut self, voices: &[Arc<Source>], pictures: &[Arc<Source>]) {
        for is_video in [false, true] {
            let sources = if is_video { pictures } else { voices };
            let places: Vec<usize> = self
                .streams
                .iter()
                .enumerate()
                .filter(|(_, stream)| stream.medium.is_video() == is_video)
                .map(|(place, _)| place)
                .collect();
            let wanted: Vec<SourceId> = sources.iter().take(places.len()).map(|source| source.id()).collect();
            for (place, source) in changes(&self.carried, &places, &wanted) {
                self.carried[place] = source;
                self.peer.command(Command::Connect { peer: self.peer.id, slot: place, source });
            }
        }
    }
}

/// Which of the places carry something else from now on.
fn changes(
    carried: &[Option<SourceId>],
    places: &[usize],
    wanted: &[SourceId],
) -> Vec<(usize, Option<SourceId>)> {
    let stays = |place: usize| carried[place].filter(|source| wanted.contains(source));
    let mut coming =
        wanted.iter().copied().filter(|source| !places.iter().any(|at| stays(*at) == Some(*source)));
    places
        .iter()
        .filter(|place| stays(**place).is_none())
        .map(|place| (*place, coming.next()))
        .filter(|(place, source)| carried[*place] != *source)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_carried_stays_where_it_is() {
        let [a, b, c] = [SourceId(1), SourceId(2), SourceId(3)];
        assert_eq!(changes(&[None, None, None], &[0, 2], &[a]), [(0, Some(a))]);
        assert_eq!(changes(&[Some(a), None, None], &[0, 2], &[b, a]), [(2, Some(b))]);
        assert_eq!(changes(&[Some(a), None, Some(b)], &[0, 2], &[c, b]), [(0, Some(c))]);
        assert_eq!(changes(&[Some(a), None, Some(b)], &[0, 2], &[]), [(0, None), (2, None)]);
        assert_eq!(changes(&[Some(a), None, Some(b)], &[0, 2], &[b, a]), []);
    }
}
