use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use rtc::rtp;
use rtc::rtp_transceiver::rtp_sender::{
    RTCRtpCodingParameters, RTCRtpEncodingParameters, RTCRtpRtxParameters,
};
use rtc::rtp_transceiver::{RTCRtpTransceiverDirection, RTCRtpTransceiverInit};
use serde::Serialize;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;
use uuid::Uuid;
use webrtc::media_stream::MediaStreamTrack;
use webrtc::media_stream::track_local::static_rtp::TrackLocalStaticRTP;
use webrtc::media_stream::track_local::{TrackLocal, TrackLocalEvent};
use webrtc::peer_connection::RTCSessionDescription;
use webrtc::rtp_transceiver::RtpTransceiver;

use super::engine::{Engine, codec, kind, payload_type};
use super::keyframes::asked_of;
use super::peer::{Peer, PeerError, PeerEvent, Role};
use super::source::Source;
use crate::core::{Medium, Outlet, SlotId};

/// The way out: what one participant receives.
///
/// Streams are arranged in seats. A seat has a microphone and a camera stream that play in step, and shows one other
/// participant at a time; when that one leaves, the next to come takes the seat without any negotiation. So a long
/// meeting with much coming and going keeps a description as large as its fullest moment.
pub(crate) struct Subscriber {
    peer: Peer,
    shared: Arc<SharedOutlet>,
    seats: Vec<Seat>,
    /// How many slots the pending offer covers.
    offered: Option<usize>,
    tasks: JoinSet<()>,
}

struct Seat {
    stream: String,
    participant: Option<Uuid>,
    slots: BTreeMap<Medium, Slot>,
}

struct Slot {
    id: SlotId,
    transceiver: Arc<dyn RtpTransceiver>,
    mid: Option<String>,
    source: Option<Arc<Source>>,
}

/// Which participant plays in which sections, as the subscriber is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct SeatView {
    pub(crate) participant: Option<Uuid>,
    /// `a=mid` by medium.
    pub(crate) mids: BTreeMap<Medium, String>,
}

impl Subscriber {
    pub(crate) async fn open(
        engine: &Engine,
        events: mpsc::UnboundedSender<PeerEvent>,
    ) -> Result<Self, PeerError> {
        let peer = engine.open(Role::Subscribe, events).await?;
        let shared = Arc::new(SharedOutlet::default());
        let mut tasks = JoinSet::new();
        tasks.spawn(send(Arc::clone(&shared)));
        Ok(Self { peer, shared, seats: Vec::new(), offered: None, tasks })
    }

    /// Gives the participant a seat. Tells whether a new one had to be added, which takes an offer.
    pub(crate) async fn seat(&mut self, participant: Uuid) -> Result<bool, PeerError> {
        if self.seat_of(participant).is_some() {
            return Ok(false);
        }
        if let Some(free) = self.seats.iter_mut().find(|seat| seat.participant.is_none()) {
            free.participant = Some(participant);
            return Ok(false);
        }
        let stream = format!("seat-{}", self.seats.len());
        self.seats.push(Seat { stream, participant: Some(participant), slots: BTreeMap::new() });
        let seat = self.seats.len() - 1;
        self.add_slot(seat, Medium::Microphone).await?;
        self.add_slot(seat, Medium::Camera).await?;
        Ok(true)
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

    /// Connects a published stream to its owner's seat. Tells whether that takes an offer.
    pub(crate) async fn feed(&mut self, participant: Uuid, source: Arc<Source>) -> Result<bool, PeerError> {
        let Some(seat) = self.seat_of(participant) else { return Ok(false) };
        let medium = source.medium();
        let is_new = !self.seats[seat].slots.contains_key(&medium);
        if is_new {
            self.add_slot(seat, medium).await?;
        }
        self.starve(participant, medium);
        if let Some(slot) = self.seats[seat].slots.get_mut(&medium) {
            self.shared.sources().insert(slot.id, Arc::clone(&source));
            source.connect(&self.shared, slot.id);
            slot.source = Some(source);
        }
        Ok(is_new)
    }

    /// Disconnects a stream that has ended.
    pub(crate) fn starve(&mut self, participant: Uuid, medium: Medium) {
        let Some(seat) = self.seat_of(participant) else { return };
        let Some(slot) = self.seats[seat].slots.get_mut(&medium) else { return };
        if let Some(source) = slot.source.take() {
            source.disconnect(&self.shared, slot.id);
            self.shared.sources().remove(&slot.id);
            self.shared.outlet().restart(slot.id);
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

    /// Our offer with every seat there is.
    pub(crate) async fn offer(&mut self) -> Result<String, PeerError> {
        let connection = Arc::clone(self.peer.connection());
        let offer = connection.create_offer(None).await.map_err(PeerError::Unavailable)?;
        let sdp = self.peer.describe(offer).await?;
        self.offered = Some(self.shared.outlet().slots());
        for slot in self.seats.iter_mut().flat_map(|seat| seat.slots.values_mut()) {
            if slot.mid.is_none() {
                slot.mid = slot.transceiver.mid().await.map_err(PeerError::Unavailable)?;
            }
        }
        Ok(sdp)
    }

    /// Takes the participant's answer to the pending offer.
    pub(crate) async fn accept(&mut self, sdp: String) -> Result<(), PeerError> {
        let answer =
            RTCSessionDescription::answer(sdp).map_err(|error| PeerError::Malformed(error.to_string()))?;
        self.peer.connection().set_remote_description(answer).await.map_err(PeerError::Rejected)?;
        if let Some(slots) = self.offered.take() {
            self.shared.outlet().negotiated(slots);
        }
        self.ask_all_key_frames();
        Ok(())
    }

    /// The transport is up.
    pub(crate) fn connected(&self) {
        self.shared.outlet().open();
        self.ask_all_key_frames();
    }

    pub(crate) fn seats(&self) -> Vec<SeatView> {
        self.seats
            .iter()
            .map(|seat| SeatView {
                participant: seat.participant,
                mids: seat
                    .slots
                    .iter()
                    .filter_map(|(medium, slot)| Some((*medium, slot.mid.clone()?)))
                    .collect(),
            })
            .collect()
    }

    pub(crate) async fn close(mut self) {
        for seated in self.seats.iter().filter_map(|seat| seat.participant).collect::<Vec<_>>() {
            self.unseat(seated);
        }
        self.peer.close().await;
        self.tasks.shutdown().await;
    }

    fn ask_all_key_frames(&self) {
        self.shared.sources().values().for_each(|source| source.ask_key_frame());
    }

    fn seat_of(&self, participant: Uuid) -> Option<usize> {
        self.seats.iter().position(|seat| seat.participant == Some(participant))
    }

    async fn add_slot(&mut self, seat: usize, medium: Medium) -> Result<(), PeerError> {
        let ssrc: u32 = rand::random();
        let rtx = medium.is_video().then(|| RTCRtpRtxParameters { ssrc: rand::random() });
        let stream = self.seats[seat].stream.clone();
        let track = Arc::new(TrackLocalStaticRTP::new(MediaStreamTrack::new(
            stream.clone(),
            Uuid::new_v4().to_string(),
            stream.clone(),
            kind(medium),
            vec![RTCRtpEncodingParameters {
                rtp_coding_parameters: RTCRtpCodingParameters { ssrc: Some(ssrc), rtx, ..Default::default() },
                codec: codec(medium),
                active: true,
                ..Default::default()
            }],
        )));
        let transceiver = self
            .peer
            .connection()
            .add_transceiver_from_track(
                Arc::clone(&track) as Arc<dyn TrackLocal>,
                Some(RTCRtpTransceiverInit {
                    direction: RTCRtpTransceiverDirection::Sendonly,
                    streams: vec![stream],
                    ..Default::default()
                }),
            )
            .await
            .map_err(PeerError::Unavailable)?;
        // The track first: the sending task finds it when the first packet of the slot comes.
        self.shared.tracks().push(Arc::clone(&track));
        let id = self.shared.outlet().add_slot(medium, ssrc, payload_type(medium));
        self.seats[seat].slots.insert(medium, Slot { id, transceiver, mid: None, source: None });
        if medium.is_video() {
            self.tasks.spawn(pass_on_requests(track, Arc::clone(&self.shared)));
        }
        Ok(())
    }
}

/// An outlet as its two sides share it: sources push, one task sends.
#[derive(Default)]
pub(super) struct SharedOutlet {
    outlet: Mutex<Outlet>,
    sources: Mutex<HashMap<SlotId, Arc<Source>>>,
    tracks: Mutex<Vec<Arc<TrackLocalStaticRTP>>>,
    ready: Notify,
}

impl SharedOutlet {
    /// Takes a packet of the slot's source; tells whether a key frame is wanted.
    pub(super) fn push(&self, slot: SlotId, packet: rtp::Packet) -> bool {
        let pushed = self.outlet().push(slot, packet);
        if pushed.queued {
            self.ready.notify_one();
        }
        pushed.wants_key_frame
    }

    // Plain values: valid whatever their holder was about to do with them.
    fn outlet(&self) -> MutexGuard<'_, Outlet> {
        self.outlet.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sources(&self) -> MutexGuard<'_, HashMap<SlotId, Arc<Source>>> {
        self.sources.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tracks(&self) -> MutexGuard<'_, Vec<Arc<TrackLocalStaticRTP>>> {
        self.tracks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sends what waits. Only this task feels the push-back of a slow connection.
async fn send(shared: Arc<SharedOutlet>) {
    loop {
        let next = shared.outlet().pop(Instant::now());
        let Some((slot, packet)) = next else {
            shared.ready.notified().await;
            continue;
        };
        let track = shared.tracks().get(slot.0).cloned();
        if let Some(track) = track
            && track.write_rtp(packet).await.is_err()
        {
            return;
        }
    }
}

async fn pass_on_requests(track: Arc<TrackLocalStaticRTP>, shared: Arc<SharedOutlet>) {
    while let Some(event) = track.poll().await {
        let TrackLocalEvent::OnRtcpPacket(packets) = event else { continue };
        for ssrc in asked_of(&packets) {
            let slot = shared.outlet().slot_of(ssrc);
            let source = slot.and_then(|slot| shared.sources().get(&slot).cloned());
            if let Some(source) = source {
                source.ask_key_frame();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Instant;

    use super::SharedOutlet;
    use crate::core::testing::{DELTA_FRAME, KEY_FRAME, packet};
    use crate::core::{Medium, SlotId};
    use crate::driver::Source;

    fn watching(source: &Source) -> (Arc<SharedOutlet>, SlotId) {
        let shared = Arc::new(SharedOutlet::default());
        let slot = shared.outlet().add_slot(Medium::Camera, 7, 96);
        shared.outlet().open();
        shared.outlet().negotiated(1);
        source.connect(&shared, slot);
        (shared, slot)
    }

    fn sent(shared: &SharedOutlet) -> usize {
        let mut sent = 0;
        while shared.outlet().pop(Instant::now()).is_some() {
            sent += 1;
        }
        sent
    }

    #[test]
    fn who_takes_nothing_holds_up_nobody() {
        let source = Source::new(Medium::Camera);
        let (stuck, _) = watching(&source);
        let (quick, _) = watching(&source);
        let mut passed = 0;
        source.forward(packet(0, 0, KEY_FRAME));
        for sequence in 1..10_000 {
            source.forward(packet(sequence, 0, DELTA_FRAME));
            passed += sent(&quick);
        }
        assert_eq!(passed, 10_000);
        assert_eq!(
            sent(&stuck),
            0,
            "what waited too long is shed, and no delta frame comes before a key frame"
        );
        source.forward(packet(10_000, 0, KEY_FRAME));
        assert_eq!(sent(&stuck), 1);
    }

    #[test]
    fn who_is_gone_gets_nothing_and_is_not_kept() {
        let source = Source::new(Medium::Camera);
        let (left, slot) = watching(&source);
        let (dropped, _) = watching(&source);
        source.disconnect(&left, slot);
        let weak = Arc::downgrade(&dropped);
        drop(dropped);
        source.forward(packet(0, 0, KEY_FRAME));
        assert_eq!(sent(&left), 0);
        assert_eq!(weak.strong_count(), 0);
    }
}
