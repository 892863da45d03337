//! What senders and receivers tell each other of packets.

use std::time::Instant;

use rtc::rtcp;
use rtc::rtcp::payload_feedbacks::full_intra_request::FullIntraRequest;
use rtc::rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use rtc::rtcp::receiver_report::ReceiverReport;
use rtc::rtcp::sender_report::SenderReport;
use rtc::rtcp::transport_feedbacks::transport_layer_cc::TransportLayerCc;
use rtc::rtcp::transport_feedbacks::transport_layer_nack::{
    TransportLayerNack, nack_pairs_from_sequence_numbers,
};

use super::Forwarder;
use crate::peer::{Again, Stream};
use crate::peer_key::PeerKey;
use crate::source::SourceKey;

/// A receiver that misses what is older than this is not helped.
const REPAIRABLE: usize = 512;

impl Forwarder {
    pub(super) fn on_rtcp(&mut self, now: Instant, key: PeerKey, datagram: &[u8]) {
        let Some(peer) = self.peers.get_mut(key) else { return };
        let Some(Ok(plain)) = peer.srtp.as_mut().map(|srtp| srtp.open_rtcp(datagram)) else {
            self.counts.refused += 1;
            return;
        };
        peer.heard(now);
        let Ok(packets) = rtcp::packet::unmarshal(&mut &plain[..]) else { return };
        for packet in packets {
            let packet = packet.as_any();
            if let Some(report) = packet.downcast_ref::<SenderReport>() {
                self.on_sender_report(now, key, report);
            } else if let Some(request) = packet.downcast_ref::<PictureLossIndication>() {
                self.on_key_frame_request(now, key, request.media_ssrc);
            } else if let Some(request) = packet.downcast_ref::<FullIntraRequest>() {
                for entry in &request.fir {
                    self.on_key_frame_request(now, key, entry.ssrc);
                }
            } else if let Some(nack) = packet.downcast_ref::<TransportLayerNack>() {
                self.on_nack(now, key, nack);
            } else if let Some(feedback) = packet.downcast_ref::<TransportLayerCc>()
                && let Some(bandwidth) = self.peers.get_mut(key).and_then(|peer| peer.bandwidth.as_mut())
            {
                bandwidth.on_feedback(now, feedback);
            }
        }
    }

    /// Which moment of the publisher's clock is which of the stream's: told to its receivers by their numbers, so that
    /// voice and picture of one participant play in step.
    fn on_sender_report(&mut self, now: Instant, key: PeerKey, report: &SenderReport) {
        let Some(peer) = self.peers.get(key) else { return };
        let Some(Stream::Media { source, layer }) = peer.streams.get(&report.ssrc).copied() else { return };
        let Some(found) = self.sources.get_mut(source) else { return };
        if let Some(receiver) = found.layers.get_mut(layer).and_then(|layer| layer.receiver.as_mut()) {
            receiver.on_sender_report(report.ntp_time, now);
        }
        for tap in found.taps.iter().filter(|tap| tap.carries == Some(layer)) {
            let Some(peer) = self.peers.get_mut(tap.peer) else { continue };
            let Some(slot) = peer.slots.get(tap.slot) else { continue };
            let Some(rtp_time) = slot.rewriter.timestamp(report.rtp_time) else { continue };
            let told = SenderReport {
                ssrc: slot.ssrc,
                ntp_time: report.ntp_time,
                rtp_time,
                packet_count: slot.packets,
                octet_count: slot.octets,
                ..Default::default()
            };
            peer.tell(&[Box::new(told)], &mut self.out);
        }
    }

    fn on_key_frame_request(&mut self, now: Instant, key: PeerKey, ssrc: u32) {
        let Some((slot, source)) = self.slot_of(key, ssrc) else { return };
        let Some(state) = self.sources.get_mut(source) else { return };
        let Some(layer) = state.tap(key, slot).and_then(|tap| tap.carries.or(tap.target)) else { return };
        state.want_key_frame(layer);
        self.ask_for_key_frame(now, source, layer);
    }

    /// Which of a receiver's streams has this number, and what it carries.
    fn slot_of(&self, key: PeerKey, ssrc: u32) -> Option<(usize, SourceKey)> {
        let slots = &self.peers.get(key)?.slots;
        let place = slots.iter().position(|slot| slot.ssrc == ssrc)?;
        Some((place, slots[place].source?))
    }

    fn on_nack(&mut self, now: Instant, key: PeerKey, nack: &TransportLayerNack) {
        let Some((slot, source)) = self.slot_of(key, nack.media_ssrc) else { return };
        let numbers = nack.nacks.iter().flat_map(|pair| pair.packet_list()).take(REPAIRABLE);
        self.counts.repaired += self.send_again(now, key, slot, source, numbers);
    }

    /// Sends these packets of a receiver's stream again, as far as they are kept; how many those were.
    pub(super) fn send_again(
        &mut self,
        now: Instant,
        key: PeerKey,
        slot: usize,
        source: SourceKey,
        numbers: impl Iterator<Item = u16>,
    ) -> u64 {
        let Some(source) = self.sources.get_mut(source) else { return 0 };
        let Some(layer) = source.tap(key, slot).and_then(|tap| tap.carries) else { return 0 };
        let Some(history) = source.layers.get(layer).and_then(|layer| layer.history.as_ref()) else {
            return 0;
        };
        let Some(peer) = self.peers.get_mut(key) else { return 0 };
        let mut sent = 0;
        for sequence in numbers {
            let Some(kept) = peer.source_sequence(slot, sequence).and_then(|number| history.get(number))
            else {
                continue;
            };
            let Some(timestamp) = peer.slots[slot].rewriter.timestamp(kept.timestamp) else { continue };
            let again = Again { marker: kept.marker, timestamp, sequence, payload: &kept.payload };
            peer.send_again(slot, &again, now, &mut self.out);
            sent += 1;
        }
        sent
    }

    pub(super) fn ask_for_key_frame(&mut self, now: Instant, key: SourceKey, layer: usize) {
        let Some(source) = self.sources.get_mut(key) else { return };
        let Some(state) = source.layers.get_mut(layer) else { return };
        if !state.takes_request(now) {
            return;
        }
        let Some(media_ssrc) = state.ssrc else { return };
        if let Some(peer) = self.peers.get_mut(source.owner) {
            let request = PictureLossIndication { sender_ssrc: peer.ssrc, media_ssrc };
            peer.tell(&[Box::new(request)], &mut self.out);
        }
    }

    /// Tells a publisher how its packets fare.
    pub(super) fn report(&mut self, now: Instant, key: PeerKey) {
        let Some(peer) = self.peers.get(key) else { return };
        let mut reports = Vec::new();
        for published in &peer.published {
            let Some(source) = self.sources.get_mut(published.source) else { continue };
            for layer in &mut source.layers {
                reports.extend(layer.receiver.as_mut().and_then(|receiver| receiver.report(now)));
            }
        }
        // One packet tells of 31 streams at most (RFC 3550 §6.4.2).
        reports.truncate(31);
        if reports.is_empty() {
            return;
        }
        if let Some(peer) = self.peers.get_mut(key) {
            let report = ReceiverReport { ssrc: peer.ssrc, reports, ..Default::default() };
            peer.tell(&[Box::new(report)], &mut self.out);
        }
    }

    /// Asks a publisher for what is missing.
    pub(super) fn ask_again(&mut self, now: Instant, key: SourceKey, layer: usize) {
        let Some(source) = self.sources.get_mut(key) else { return };
        let owner = source.owner;
        let Some(state) = source.layers.get_mut(layer) else { return };
        let Some(receiver) = state.receiver.as_mut() else { return };
        self.numbers.clear();
        if receiver.ask_again(now, &mut self.numbers) {
            state.want_key_frame();
        }
        let Some(media_ssrc) = state.ssrc.filter(|_| !self.numbers.is_empty()) else { return };
        if let Some(peer) = self.peers.get_mut(owner) {
            let nacks = nack_pairs_from_sequence_numbers(&self.numbers);
            let nack = TransportLayerNack { sender_ssrc: peer.ssrc, media_ssrc, nacks };
            peer.tell(&[Box::new(nack)], &mut self.out);
        }
    }
}
