//! What is due.

use std::time::{Duration, Instant};

use super::{Event, Forwarder};
use crate::allocation::{Wish, allocate};
use crate::medium::Medium;
use crate::peer::{REPORT, State};
use crate::peer_key::PeerKey;
use crate::source::SourceKey;

/// How often what is due is looked for.
const TICK: Duration = Duration::from_millis(20);
/// How often it is looked at which quality of each picture a receiver gets.
const LAYERS: Duration = Duration::from_millis(100);
/// A trial is a little larger than what is to go through.
const MARGIN: f64 = 1.1;
/// Voices are taken to need so much at least, in bits per second: those who are silent may speak.
const VOICES: f64 = 40_000.0;
/// Of more voices than these only the loudest are passed on: more cannot be told apart, and each costs everybody its
/// packets.
const LOUDEST: usize = 8;
/// A voice that is passed on is taken for so much louder, in decibels, so that nobody is cut off for a cough.
const HEARD: f32 = 6.0;
/// A trial repeats so many of the latest packets at most at one time.
const REPEATED: u16 = 64;

impl Forwarder {
    /// Does what is due.
    pub fn on_time(&mut self, now: Instant) {
        if self.next_tick.is_none_or(|due| due > now) {
            return;
        }
        self.next_tick = Some(now + TICK);
        let keys: Vec<PeerKey> = self.peers.keys().collect();
        for key in keys {
            self.look_after(now, key);
        }
        let sources: Vec<(SourceKey, usize)> =
            self.sources.iter().map(|(key, source)| (key, source.layers.len())).collect();
        for (key, layers) in sources {
            if let Some(source) = self.sources.get_mut(key)
                && let Some(speaks) = source.listen(now)
            {
                let source = source.id;
                self.events.push_back(Event::Speaks { source, speaks });
            }
            if let Some(source) = self.sources.get_mut(key) {
                source.record_the_best(now);
            }
            for layer in 0..layers {
                self.ask_again(now, key, layer);
                self.ask_for_key_frame(now, key, layer);
            }
        }
    }

    pub(super) fn look_after(&mut self, now: Instant, key: PeerKey) {
        let Some(peer) = self.peers.get_mut(key) else { return };
        let changed = peer.on_time(now, &mut self.out);
        if peer.state == State::Connected {
            peer.tell_arrivals(now, &mut self.out);
            if peer.next_report <= now {
                peer.next_report = now + REPORT;
                self.report(now, key);
            }
            self.arrange_layers(now, key);
            self.pad(now, key);
        }
        self.note(now, key, changed);
    }

    /// Which quality of each picture a receiver gets.
    fn arrange_layers(&mut self, now: Instant, key: PeerKey) {
        let Some(peer) = self.peers.get_mut(key).filter(|peer| peer.next_layers <= now) else { return };
        peer.next_layers = now + LAYERS;
        let (mut wishes, mut places, mut voices) = (Vec::new(), Vec::new(), 0.0);
        let mut heard: Vec<(usize, SourceKey, f32)> = Vec::new();
        for (place, slot) in peer.slots.iter().enumerate().filter(|(_, slot)| slot.accepted) {
            let Some(key_of_source) = slot.source else { continue };
            let Some(source) = self.sources.get_mut(key_of_source) else { continue };
            if !source.medium.is_video() {
                let is_heard = source.tap(key, place).is_some_and(|tap| tap.carries.is_some());
                if is_heard {
                    voices += source.layers.first().map_or(0.0, |layer| layer.meter.rate(now));
                }
                // Whoever is silent may send next to nothing.
                let loudness = if source.layers.first().is_some_and(|layer| layer.meter.flows(now)) {
                    source.loudness + if is_heard { HEARD } else { 0.0 }
                } else {
                    0.0
                };
                heard.push((place, key_of_source, loudness));
                continue;
            }
            let rungs = source.rungs(now);
            // What does not come yet, or rests, is left as it is.
            let Some(tap) = source.tap(key, place).filter(|_| !rungs.is_empty()) else { continue };
            let present = tap.target.and_then(|layer| rungs.iter().position(|rung| rung.layer == layer));
            let rank = u32::from(source.medium != Medium::Screen);
            wishes.push(Wish { rank, height: slot.height, rungs, present });
            places.push((place, key_of_source));
        }
        heard.sort_by(|(.., one), (.., other)| other.total_cmp(one));
        for (rank, (place, source, loudness)) in heard.into_iter().enumerate() {
            // Whose browser does not tell how loud they are is heard.
            let carries = (rank < LOUDEST || loudness >= f32::MAX).then_some(0);
            let Some(source) = self.sources.get_mut(source) else { continue };
            let Some(tap) = source.tap(key, place).filter(|tap| tap.carries != carries) else { continue };
            (tap.carries, tap.target) = (carries, carries);
            // What was left out leaves no gap.
            peer.slots[place].restart();
        }
        if wishes.is_empty() {
            return;
        }
        // Who tells nothing of what comes through is sent what the layout shows.
        let (keeps, allows) = match &peer.bandwidth {
            Some(bandwidth) => (bandwidth.keeps(), bandwidth.allows()),
            None => (f64::INFINITY, f64::INFINITY),
        };
        let allocation = allocate(&wishes, voices.max(VOICES), keeps, allows);
        if let (Some(bandwidth), Some(more)) = (&mut peer.bandwidth, allocation.more) {
            bandwidth.try_out(now, more * MARGIN);
        }
        for (((place, source), wish), given) in places.into_iter().zip(&wishes).zip(&allocation.given) {
            let layer = given.and_then(|rung| wish.rungs.get(rung)).map(|rung| rung.layer);
            let held = layer.is_none() && wish.height > 0;
            let slot = &mut peer.slots[place];
            if slot.held != held {
                slot.held = held;
                self.events.push_back(Event::Held { peer: peer.id, slot: place, held });
            }
            let Some(source) = self.sources.get_mut(source) else { continue };
            let Some(tap) = source.tap(key, place).filter(|tap| tap.target != layer) else { continue };
            tracing::debug!(peer = peer.id.0, place, ?layer, keeps, allows, "a picture changes its quality");
            tap.target = layer;
            match layer {
                Some(layer) if tap.carries != Some(layer) => {
                    // Until the key frame comes, voices and the key frame itself need the way more than what is torn.
                    if allocation.flooded {
                        tap.carries = None;
                    }
                    source.want_key_frame(layer);
                }
                Some(_) => {}
                None => {
                    tap.carries = None;
                    slot.restart();
                }
            }
        }
    }

    /// Sends what was sent before once more, as far as it is to be seen whether that much goes through.
    fn pad(&mut self, now: Instant, key: PeerKey) {
        let Some(peer) = self.peers.get_mut(key) else { return };
        let padding = peer.bandwidth.as_mut().map_or(0, |bandwidth| bandwidth.padding(now));
        if padding == 0 {
            return;
        }
        let end = self.out.size() + padding;
        let mut pictures =
            peer.slots.iter().enumerate().filter(|(_, slot)| slot.rtx.is_some() && slot.shows());
        let shown = pictures.find_map(|(place, slot)| Some((place, slot.source?, slot.rewriter.newest()?)));
        if let Some((slot, source, newest)) = shown {
            let mut repeated = 0;
            while self.out.size() < end && repeated < REPEATED {
                self.send_again(now, key, slot, source, std::iter::once(newest.wrapping_sub(repeated)));
                repeated += 1;
            }
        }
        // Nothing is shown, or there is not enough of it.
        let Some(peer) = self.peers.get_mut(key) else { return };
        let Some(slot) = peer.slots.iter().position(|slot| slot.rtx.is_some() && slot.accepted) else {
            return;
        };
        while self.out.size() < end {
            let before = self.out.size();
            peer.send_padding(slot, now, &mut self.out);
            if self.out.size() == before {
                return;
            }
        }
    }
}
