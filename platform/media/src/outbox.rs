//! Datagrams that wait to be sent: all in one piece of memory that is used again and again, arranged so that those of one
//! receiver can leave by one call.

use std::ops::Range;

use crate::ice::Route;

/// So many datagrams leave by one call, and so many bytes (udp(7): `UDP_MAX_SEGMENTS`, and the longest datagram).
const SEGMENTS: usize = 64;
const BYTES: usize = 65_000;

/// What is to be sent, in its order for each receiver.
#[derive(Default)]
pub struct Outbox {
    bytes: Vec<u8>,
    datagrams: Vec<Datagram>,
    /// By lane: the first and the last of its datagrams.
    lanes: Vec<Option<(u32, u32)>>,
    used: Vec<u32>,
    arranged: Vec<Range<usize>>,
    runs: Vec<Run>,
}

#[derive(Debug, Clone)]
struct Datagram {
    route: Route,
    range: Range<usize>,
    next: Option<u32>,
}

/// Datagrams to one receiver, of one length but for the last, which may be shorter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Where they go.
    pub route: Route,
    /// How long each is.
    pub segment: usize,
    /// Those before it in the same round go to others: the first of each receiver are round 0.
    pub round: u32,
    parts: Range<usize>,
}

impl Outbox {
    /// Whether nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.datagrams.is_empty()
    }

    /// How many datagrams wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.datagrams.len()
    }

    /// How many bytes wait.
    pub(crate) fn size(&self) -> usize {
        self.bytes.len()
    }

    /// Where the next datagram is written: append to it, then [`commit`](Self::commit) from where it began.
    pub(crate) fn bytes(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// What was appended since `from` is a datagram. A lane is a small number that stands for the receiver.
    pub(crate) fn commit(&mut self, lane: u32, route: Route, from: usize) {
        let at = u32::try_from(self.datagrams.len()).unwrap_or(u32::MAX);
        self.datagrams.push(Datagram { route, range: from..self.bytes.len(), next: None });
        let place = lane as usize;
        if place >= self.lanes.len() {
            self.lanes.resize(place + 1, None);
        }
        match &mut self.lanes[place] {
            Some((_, last)) => {
                self.datagrams[*last as usize].next = Some(at);
                *last = at;
            }
            empty => {
                *empty = Some((at, at));
                self.used.push(lane);
            }
        }
    }

    /// A datagram of these bytes.
    pub(crate) fn push(&mut self, lane: u32, route: Route, datagram: &[u8]) {
        let from = self.bytes.len();
        self.bytes.extend_from_slice(datagram);
        self.commit(lane, route, from);
    }

    /// Arranges everything that waits by receivers: see [`runs`](Self::runs).
    pub fn arrange(&mut self) {
        self.runs.clear();
        self.arranged.clear();
        for lane in &self.used {
            let mut next = self.lanes[*lane as usize].map(|(first, _)| first);
            let mut open: Option<Run> = None;
            let mut round = 0;
            while let Some(at) = next {
                let datagram = &self.datagrams[at as usize];
                next = datagram.next;
                let length = datagram.range.len();
                let place = self.arranged.len();
                self.arranged.push(datagram.range.clone());
                let fits = open.as_ref().is_some_and(|run| {
                    let count = run.parts.len();
                    run.route == datagram.route
                        && length <= run.segment
                        && self.arranged[place - 1].len() == run.segment
                        && count < SEGMENTS
                        && (count + 1) * run.segment <= BYTES
                });
                if fits && let Some(run) = &mut open {
                    run.parts.end = place + 1;
                    continue;
                }
                let run = Run { route: datagram.route, segment: length, round, parts: place..place + 1 };
                round += 1;
                self.runs.extend(open.replace(run));
            }
            self.runs.extend(open);
        }
    }

    /// What [`arrange`](Self::arrange) has arranged.
    #[must_use]
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The datagrams of a run of [`runs`](Self::runs).
    pub fn parts<'a>(&'a self, run: &Run) -> impl ExactSizeIterator<Item = &'a [u8]> {
        self.arranged[run.parts.clone()].iter().map(|range| &self.bytes[range.clone()])
    }

    /// Forgets everything, and keeps the memory.
    pub fn clear(&mut self) {
        self.runs.clear();
        self.bytes.clear();
        self.datagrams.clear();
        for lane in self.used.drain(..) {
            self.lanes[lane as usize] = None;
        }
    }
}

impl Run {
    /// How many datagrams it has.
    #[must_use]
    pub fn count(&self) -> usize {
        self.parts.len()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;
    use crate::ice::Transport;

    fn route(port: u16) -> Route {
        Route { transport: Transport::Udp, address: ([127, 0, 0, 1], port).into() }
    }

    proptest! {
        /// Each receiver gets its own datagrams, all of them, in their order, in runs that the system can cut again.
        #[test]
        fn everything_leaves_in_order(
            sent in prop::collection::vec((0..6_u32, prop::sample::select(vec![40_usize, 90, 1_200, 1_201])), 0..300),
            twice in any::<bool>(),
        ) {
            let mut outbox = Outbox::default();
            for _ in 0..=usize::from(twice) {
                outbox.clear();
                let mut expected: HashMap<Route, Vec<Vec<u8>>> = HashMap::new();
                for (at, (lane, length)) in sent.iter().enumerate() {
                    let datagram = vec![u8::try_from(at % 251).expect("small"); *length];
                    let to = route(u16::try_from(*lane).expect("small"));
                    outbox.push(*lane, to, &datagram);
                    expected.entry(to).or_default().push(datagram);
                }
                prop_assert_eq!(outbox.len(), sent.len());
                outbox.arrange();
                let runs = outbox.runs().to_vec();
                let mut got: HashMap<Route, Vec<Vec<u8>>> = HashMap::new();
                let mut rounds: HashMap<Route, u32> = HashMap::new();
                for run in &runs {
                    let parts: Vec<Vec<u8>> = outbox.parts(run).map(<[u8]>::to_vec).collect();
                    let (last, full) = parts.split_last().expect("a run has a part");
                    prop_assert!(full.iter().all(|part| part.len() == run.segment));
                    prop_assert!(last.len() <= run.segment && parts.len() <= SEGMENTS);
                    prop_assert_eq!(run.round, *rounds.entry(run.route).and_modify(|round| *round += 1).or_default());
                    got.entry(run.route).or_default().extend(parts);
                }
                prop_assert_eq!(got, expected);
            }
        }
    }
}
