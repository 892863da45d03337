use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use plenum_media::{Answer, Command, Medium, Outgoing, PeerId, offer};
use serde::Serialize;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::engine::{Engine, Peer};
use super::source::Source;
use super::worker::PeerEvent;

/// The way out: what one participant receives.
///
/// Streams are arranged in seats. A seat has a microphone and a camera stream that play in step, and shows one other
/// participant at a time; when that one leaves, the next to come takes the seat without any negotiation. So a long
/// meeting with much coming and going keeps a description as large as its fullest moment.
pub(crate) struct Subscriber {
    peer: Peer,
    seats: Vec<Seat>,
    /// All streams in the order in which they were offered.
    streams: Vec<Outgoing>,
    /// How many of them the pending offer covers.
    offered: Option<usize>,
    /// How many of them the other side knows by their sections.
    known: usize,
    /// Offers have versions.
    versions: u64,
    /// How high each picture is shown, in pixels, once that was told: all others are not.
    view: Option<HashMap<(Uuid, Medium), u32>>,
}

/// What it took to show a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fed {
    /// Its owner had a seat with such a stream.
    Seated,
    /// Its owner took a free seat: the subscriber is to be told.
    TookSeat,
    /// There are streams that the subscriber does not know: that takes an offer.
    NewStreams,
}

struct Seat {
    name: String,
    participant: Option<Uuid>,
    /// The places of its streams, and what each carries.
    slots: BTreeMap<Medium, Slot>,
}

struct Slot {
    place: usize,
    source: Option<Arc<Source>>,
    /// Whether its picture is left out.
    held: bool,
}

/// Which participant plays in which sections, as the subscriber is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct SeatView {
    pub(crate) participant: Option<Uuid>,
    /// `a=mid` by medium.
    pub(crate) mids: BTreeMap<Medium, String>,
    /// Pictures that are left out, because the way to the subscriber is too narrow for them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) held: Vec<Medium>,
}

impl Subscriber {
    pub(crate) fn open(engine: &Engine, room: Uuid, events: mpsc::UnboundedSender<PeerEvent>) -> Self {
        let peer = engine.open(room, events);
        Self {
            peer,
            seats: Vec::new(),
            streams: Vec::new(),
            offered: None,
            known: 0,
            versions: 0,
            view: None,
        }
    }

    pub(crate) fn id(&self) -> PeerId {
        self.peer.id
    }

    /// Gives the participant a seat: the one that they have, a free one, or a new one.
    fn seat(&mut self, participant: Uuid) -> (usize, Fed) {
        if let Some(seat) = self.seat_of(participant) {
            return (seat, Fed::Seated);
        }
        if let Some(free) = self.seats.iter().position(|seat| seat.participant.is_none()) {
            self.seats[free].participant = Some(participant);
            return (free, Fed::TookSeat);
        }
        let name = format!("seat-{}", self.seats.len());
        self.seats.push(Seat { name, participant: Some(participant), slots: BTreeMap::new() });
        let seat = self.seats.len() - 1;
        self.add_slot(seat, Medium::Microphone);
        self.add_slot(seat, Medium::Camera);
        (seat, Fed::NewStreams)
    }

    /// Frees the participant's seat. Tells whether there was one.
    pub(crate) fn unseat(&mut self, participant: Uuid) -> bool {
        let Some(seat) = self.seat_of(participant) else { return false };
        let media: Vec<Medium> = self.seats[seat].slots.keys().copied().collect();
        for medium in media {
            self.starve(participant, medium);
        }
        self.seats[seat].participant = None;
        true
    }

    /// Connects a published stream to its owner's seat.
    pub(crate) fn feed(&mut self, participant: Uuid, source: Arc<Source>) -> Fed {
        let (seat, mut fed) = self.seat(participant);
        let medium = source.medium();
        if !self.seats[seat].slots.contains_key(&medium) {
            self.add_slot(seat, medium);
            fed = Fed::NewStreams;
        }
        if let Some(slot) = self.seats[seat].slots.get_mut(&medium) {
            let (place, id) = (slot.place, source.id());
            slot.source = Some(source);
            self.peer.command(Command::Connect { peer: self.peer.id, slot: place, source: Some(id) });
            self.show(participant, medium, place);
        }
        fed
    }

    /// Disconnects a stream that has ended.
    pub(crate) fn starve(&mut self, participant: Uuid, medium: Medium) {
        let Some(seat) = self.seat_of(participant) else { return };
        let Some(slot) = self.seats[seat].slots.get_mut(&medium) else { return };
        slot.held = false;
        if slot.source.take().is_some() {
            let place = slot.place;
            self.peer.command(Command::Connect { peer: self.peer.id, slot: place, source: None });
        }
    }

    /// Asks for a key frame of what the participant shows.
    pub(crate) fn ask_key_frame(&self, participant: Uuid, medium: Medium) {
        if let Some(source) = self
            .seat_of(participant)
            .and_then(|seat| self.seats[seat].slots.get(&medium))
            .and_then(|slot| slot.source.as_ref())
        {
            source.ask_key_frame();
        }
    }

    /// The path is begun anew by the next offer.
    pub(crate) fn restart(&mut self) {
        self.peer.restart();
    }

    /// Our offer with every seat there is.
    pub(crate) fn offer(&mut self) -> String {
        self.versions += 1;
        self.known = self.streams.len();
        self.offered = Some(self.known);
        offer(&self.peer.local(), self.versions, &self.streams)
    }

    /// Takes the participant's answer to the pending offer.
    pub(crate) fn accept(&mut self, answer: Answer) {
        let offered = self.offered.take().unwrap_or(0);
        self.peer.command(Command::Subscribe {
            peer: self.peer.id,
            local: self.peer.credentials.clone(),
            streams: self.streams[..offered].to_vec(),
            answer,
        });
        // Streams that were connected before they were known over there.
        for (participant, medium, slot) in self.shown() {
            if let Some(source) = &slot.source {
                let source = Some(source.id());
                self.peer.command(Command::Connect { peer: self.peer.id, slot: slot.place, source });
                self.show(participant, medium, slot.place);
            }
        }
    }

    /// From now on pictures are shown as high as `view` tells, in pixels, and what it leaves out is not shown at all.
    pub(crate) fn view(&mut self, view: HashMap<(Uuid, Medium), u32>) {
        self.view = Some(view);
        for (participant, medium, slot) in self.shown() {
            self.show(participant, medium, slot.place);
        }
    }

    /// All slots of seats that somebody has.
    fn shown(&self) -> impl Iterator<Item = (Uuid, Medium, &Slot)> {
        self.seats.iter().filter_map(|seat| Some((seat.participant?, seat))).flat_map(
            |(participant, seat)| seat.slots.iter().map(move |(medium, slot)| (participant, *medium, slot)),
        )
    }

    fn show(&self, participant: Uuid, medium: Medium, slot: usize) {
        let Some(view) = self.view.as_ref().filter(|_| medium.is_video()) else { return };
        let height = view.get(&(participant, medium)).copied().unwrap_or(0);
        self.peer.command(Command::Show { peer: self.peer.id, slot, height });
    }

    /// Notes that a picture is left out, or is there again; whether that changes anything.
    pub(crate) fn hold(&mut self, place: usize, held: bool) -> bool {
        let slot =
            self.seats.iter_mut().flat_map(|seat| seat.slots.values_mut()).find(|slot| slot.place == place);
        slot.is_some_and(|slot| std::mem::replace(&mut slot.held, held) != held)
    }

    pub(crate) fn seats(&self) -> Vec<SeatView> {
        self.seats
            .iter()
            .map(|seat| SeatView {
                participant: seat.participant,
                // A section is called by its place.
                mids: seat
                    .slots
                    .iter()
                    .filter(|(_, slot)| slot.place < self.known)
                    .map(|(medium, slot)| (*medium, slot.place.to_string()))
                    .collect(),
                held: seat.slots.iter().filter(|(_, slot)| slot.held).map(|(medium, _)| *medium).collect(),
            })
            .collect()
    }

    fn seat_of(&self, participant: Uuid) -> Option<usize> {
        self.seats.iter().position(|seat| seat.participant == Some(participant))
    }

    fn add_slot(&mut self, seat: usize, medium: Medium) {
        let place = self.streams.len();
        self.streams.push(Outgoing::new(medium, self.seats[seat].name.clone()));
        self.seats[seat].slots.insert(medium, Slot { place, source: None, held: false });
    }
}
