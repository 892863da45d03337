/** How well media gets through, in the three steps that people are told. */
export type Quality = 'good' | 'fair' | 'poor';

/** What the statistics of a connection add up to since it began. */
export type Totals = {
  packetsReceived: number;
  packetsLost: number;
  /** Of our packets on the way to the server, seconds; `null` before the first report. */
  roundTripTime: number | null;
  /** Share of our packets that the server missed, 0 to 1. */
  lossOfOurs: number;
};

/**
 * Judges the time between two readings. The steps follow what is heard: Opus hides about 3 % of loss, beyond 8 % words
 * go missing (ITU-T G.107 puts a conversation at risk from 250 ms one way, so half a second there and back).
 */
export function judge(before: Totals, after: Totals): Quality {
  const received = Math.max(0, after.packetsReceived - before.packetsReceived);
  const lost = Math.max(0, after.packetsLost - before.packetsLost);
  const lossOfTheirs = received + lost > 0 ? lost / (received + lost) : 0;
  const loss = Math.max(lossOfTheirs, after.lossOfOurs);
  const trip = after.roundTripTime ?? 0;
  if (loss > 0.08 || trip > 0.5) return 'poor';
  if (loss > 0.03 || trip > 0.25) return 'fair';
  return 'good';
}

/** How loud a stream was between two readings of its energy (0 is silence, 1 full scale). */
export function loudness(before: Energy, after: Energy): number {
  const seconds = after.seconds - before.seconds;
  if (seconds <= 0) return 0;
  return Math.sqrt(Math.max(0, after.energy - before.energy) / seconds);
}

/** `totalAudioEnergy` and `totalSamplesDuration` (W3C webrtc-stats). */
export type Energy = { energy: number; seconds: number };

/** From this loudness on somebody speaks; room noise stays below. About −38 dB. */
export const SPEAKING = 0.0125;
