//! Transport-wide congestion control: when each packet of a transport came, told to its sender, who finds out how much
//! the path carries (draft-holmer-rmcat-transport-wide-cc-extensions-01).

use std::time::{Duration, Instant};

use rtc::rtcp::transport_feedbacks::transport_layer_cc::{
    PacketStatusChunk, RecvDelta, StatusChunkTypeTcc, StatusVectorChunk, SymbolSizeTypeTcc, SymbolTypeTcc,
    TransportLayerCc,
};

use crate::rtp::unwrapped;

/// How often the sender is told.
pub(crate) const INTERVAL: Duration = Duration::from_millis(50);
/// Packets of one report; a longer one is cut.
const LONGEST: u64 = 400;
/// Times are told in steps of 250 µs, from a moment in steps of 64 ms.
const STEP_US: i64 = 250;
const REFERENCE_US: i64 = 64_000;
/// Symbols of a chunk when each takes two bits.
const SYMBOLS: usize = 7;

/// When which packet came.
pub(crate) struct Arrivals {
    epoch: Instant,
    /// By number, in its order.
    came: Vec<(u64, i64)>,
    highest: Option<u64>,
    /// What was told reaches to here.
    told: u64,
    reports: u8,
}

impl Arrivals {
    pub(crate) fn new(epoch: Instant) -> Self {
        Self { epoch, came: Vec::new(), highest: None, told: 0, reports: 0 }
    }

    pub(crate) fn note(&mut self, sequence: u16, now: Instant) {
        let index = match self.highest {
            None => 0x1_0000 + u64::from(sequence),
            Some(highest) => unwrapped(highest, sequence),
        };
        if self.highest.is_none() {
            self.told = index;
        }
        self.highest = Some(self.highest.map_or(index, |highest| highest.max(index)));
        if index < self.told {
            return;
        }
        let at = i64::try_from(now.saturating_duration_since(self.epoch).as_micros()).unwrap_or(i64::MAX);
        let place = self.came.partition_point(|(known, _)| *known < index);
        if self.came.get(place).is_none_or(|(known, _)| *known != index) {
            self.came.insert(place, (index, at));
        }
    }

    /// What the sender is told now; `None` when nothing has come.
    pub(crate) fn report(&mut self, sender_ssrc: u32, media_ssrc: u32) -> Option<TransportLayerCc> {
        let (first, first_at) = *self.came.first()?;
        // What is missing before the first was told as missing; beginning with the first saves words.
        let base = if first - self.told > LONGEST { first } else { self.told };
        let fits = self.came.partition_point(|(index, _)| index - base < LONGEST);
        let came: Vec<(u64, i64)> = self.came.drain(..fits).collect();
        let last = came.last()?.0;
        self.told = last + 1;
        let reference = first_at / REFERENCE_US;
        let mut clock = reference * REFERENCE_US;
        let mut symbols = Vec::with_capacity(usize::try_from(last - base).unwrap_or(0) + 1);
        let mut deltas = Vec::with_capacity(came.len());
        let mut next = came.into_iter().peekable();
        for index in base..=last {
            let Some((_, at)) = next.next_if(|(known, _)| *known == index) else {
                symbols.push(SymbolTypeTcc::PacketNotReceived);
                continue;
            };
            let steps = (at - clock).div_euclid(STEP_US);
            clock += steps * STEP_US;
            let symbol = if (0..=255).contains(&steps) {
                SymbolTypeTcc::PacketReceivedSmallDelta
            } else {
                SymbolTypeTcc::PacketReceivedLargeDelta
            };
            symbols.push(symbol);
            let steps = steps.clamp(i64::from(i16::MIN), i64::from(i16::MAX));
            deltas.push(RecvDelta { type_tcc_packet: symbol, delta: steps * STEP_US });
        }
        let count = u16::try_from(symbols.len()).unwrap_or(u16::MAX);
        let chunk = |part: &[SymbolTypeTcc]| {
            let mut symbol_list = part.to_vec();
            symbol_list.resize(SYMBOLS, SymbolTypeTcc::PacketNotReceived);
            PacketStatusChunk::StatusVectorChunk(StatusVectorChunk {
                type_tcc: StatusChunkTypeTcc::StatusVectorChunk,
                symbol_size: SymbolSizeTypeTcc::TwoBit,
                symbol_list,
            })
        };
        let report = TransportLayerCc {
            sender_ssrc,
            media_ssrc,
            base_sequence_number: base as u16,
            packet_status_count: count,
            // 24 bits.
            reference_time: (reference & 0xFF_FFFF) as u32,
            fb_pkt_count: self.reports,
            packet_chunks: symbols.chunks(SYMBOLS).map(chunk).collect(),
            recv_deltas: deltas,
        };
        self.reports = self.reports.wrapping_add(1);
        Some(report)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rtc::rtcp;
    use rtc::shared::marshal::{Marshal as _, Unmarshal as _};

    use super::*;

    /// What a sender reads: each number, and when it came, in microseconds.
    fn read(report: &TransportLayerCc) -> Vec<(u16, Option<i64>)> {
        let mut raw = &report.marshal().expect("bytes")[..];
        let report = TransportLayerCc::unmarshal(&mut raw).expect("a report");
        let symbols = report.packet_chunks.iter().flat_map(|chunk| match chunk {
            PacketStatusChunk::StatusVectorChunk(chunk) => chunk.symbol_list.clone(),
            PacketStatusChunk::RunLengthChunk(_) => Vec::new(),
        });
        let mut clock = i64::from(report.reference_time) * REFERENCE_US;
        let mut deltas = report.recv_deltas.iter();
        symbols
            .take(report.packet_status_count.into())
            .enumerate()
            .map(|(step, symbol)| {
                let number = report.base_sequence_number.wrapping_add(u16::try_from(step).expect("short"));
                if symbol == SymbolTypeTcc::PacketNotReceived {
                    return (number, None);
                }
                clock += deltas.next().expect("a time").delta;
                (number, Some(clock))
            })
            .collect()
    }

    #[test]
    fn nothing_is_told_when_nothing_came() {
        assert!(Arrivals::new(Instant::now()).report(1, 2).is_none());
    }

    #[test]
    fn reports_are_understood_as_packets_of_rtcp() {
        let mut arrivals = Arrivals::new(Instant::now());
        arrivals.note(9, Instant::now());
        let report = arrivals.report(1, 2).expect("a report");
        let raw = report.marshal().expect("bytes");
        let packets = rtcp::packet::unmarshal(&mut &raw[..]).expect("packets");
        assert!(packets[0].as_any().is::<TransportLayerCc>());
    }

    proptest! {
        /// Whatever gets lost or comes out of order: each number is told once, and each time to a quarter of a
        /// millisecond.
        #[test]
        fn what_came_is_told_once(
            first in any::<u16>(),
            steps in prop::collection::vec((0..3_u64, 0..3_000_u64, any::<bool>()), 1..200),
        ) {
            let epoch = Instant::now();
            let mut arrivals = Arrivals::new(epoch);
            let (mut index, mut at) = (0_u64, 0_u64);
            let mut sent = Vec::new();
            let mut told = Vec::new();
            for (skip, wait, report) in steps {
                index += skip;
                at += wait;
                let number = first.wrapping_add(index as u16);
                arrivals.note(number, epoch + Duration::from_micros(at));
                sent.push((number, i64::try_from(at).expect("small")));
                index += 1;
                if report {
                    told.extend(arrivals.report(1, 2).iter().flat_map(read));
                }
            }
            told.extend(arrivals.report(1, 2).iter().flat_map(read));
            let came: Vec<(u16, i64)> =
                told.iter().filter_map(|(number, at)| Some((*number, (*at)?))).collect();
            prop_assert_eq!(came.len(), sent.len());
            for ((number, told), (expected, at)) in came.iter().zip(&sent) {
                prop_assert_eq!(number, expected);
                prop_assert!((0..STEP_US).contains(&(at - told)), "{} {}", at, told);
            }
            // Each number once, without a gap, from the first that came.
            for (step, (number, _)) in told.iter().enumerate() {
                prop_assert_eq!(*number, sent[0].0.wrapping_add(u16::try_from(step).expect("short")));
            }
        }
    }
}
