import type { SeatView } from './protocol';
import { type Energy, judge, loudness, type Quality, SPEAKING, type Totals } from './quality';

/** What the statistics showed at one moment. */
export type Reading = { totals: Totals; self: Energy | null; heard: ReadonlyMap<string, Energy> };

/** What two readings tell. */
export type Heard = { speaking: ReadonlySet<string>; self: boolean; quality: Quality };

/** Fields of `getStats` that are read here; which of them are there depends on `type` (W3C webrtc-stats). */
type Entry = {
  type: string;
  kind?: string;
  mid?: string;
  packetsReceived?: number;
  packetsLost?: number;
  totalAudioEnergy?: number;
  totalSamplesDuration?: number;
  roundTripTime?: number;
  fractionLost?: number;
};

/** Reads the statistics, and compares them with the reading before if there is one. */
export function measure(
  statistics: { sent: RTCStatsReport; received: RTCStatsReport },
  seats: readonly SeatView[],
  before: Reading | null,
): { reading: Reading; heard: Heard | null } {
  const totals: Totals = {
    packetsReceived: 0,
    packetsLost: 0,
    roundTripTime: null,
    lossOfOurs: 0,
  };
  const byMid = new Map(
    seats.flatMap((seat) =>
      seat.participant && seat.mids.microphone ? [[seat.mids.microphone, seat.participant]] : [],
    ),
  );
  const energies = new Map<string, Energy>();
  let self: Energy | null = null;

  statistics.received.forEach((entry: Entry) => {
    if (entry.type !== 'inbound-rtp') return;
    totals.packetsReceived += entry.packetsReceived ?? 0;
    totals.packetsLost += entry.packetsLost ?? 0;
    const participant = entry.kind === 'audio' && entry.mid ? byMid.get(entry.mid) : undefined;
    if (participant) energies.set(participant, energyOf(entry));
  });
  statistics.sent.forEach((entry: Entry) => {
    if (entry.type === 'media-source' && entry.kind === 'audio') self = energyOf(entry);
    if (entry.type === 'remote-inbound-rtp') {
      totals.roundTripTime = Math.max(totals.roundTripTime ?? 0, entry.roundTripTime ?? 0);
      totals.lossOfOurs = Math.max(totals.lossOfOurs, entry.fractionLost ?? 0);
    }
  });

  const reading: Reading = { totals, self, heard: energies };
  return { reading, heard: before && compare(before, reading) };
}

function compare(before: Reading, after: Reading): Heard {
  const speaking = new Set<string>();
  for (const [participant, energy] of after.heard) {
    const earlier = before.heard.get(participant);
    if (earlier && loudness(earlier, energy) >= SPEAKING) speaking.add(participant);
  }
  return {
    speaking,
    self:
      before.self !== null && after.self !== null && loudness(before.self, after.self) >= SPEAKING,
    quality: judge(before.totals, after.totals),
  };
}

function energyOf(entry: Entry): Energy {
  return { energy: entry.totalAudioEnergy ?? 0, seconds: entry.totalSamplesDuration ?? 0 };
}
