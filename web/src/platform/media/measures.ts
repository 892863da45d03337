import type { RoomSession } from './room-session';

/** How well media gets through. */
export type Quality = 'unknown' | 'good' | 'fair' | 'poor';

/** What a look at the statistics gives. */
export interface Measures {
  /** Loudness by participant, 0 to 1, oneself included. */
  readonly levels: ReadonlyMap<string, number>;
  readonly quality: Quality;
}

/** Counters of one stream at the last look. */
interface Counters {
  readonly received: number;
  readonly lost: number;
}

interface Loss {
  received: number;
  lost: number;
}

/** Reads levels and quality out of a session's statistics, look by look. */
export class Meter {
  readonly #counters = new Map<string, Counters>();

  async measure(session: RoomSession): Promise<Measures> {
    const levels = new Map<string, number>();
    const loss: Loss = { received: 0, lost: 0 };
    let roundTripS: number | null = null;

    for (const stat of await statsOf(session.receiving.connection)) {
      if (stat.type === 'inbound-rtp') {
        this.#count(stat, loss);
        const participant = session.receiving.participantAt(textOf(stat, 'mid') ?? '');
        const level = numberOf(stat, 'audioLevel');
        if (participant !== null && level !== null) levels.set(participant, level);
      } else if (stat.type === 'candidate-pair') {
        roundTripS = larger(roundTripS, numberOf(stat, 'currentRoundTripTime'));
      }
    }
    let lostOnTheWayOut = 0;
    for (const stat of session.publishing === null ? [] : await statsOf(session.publishing.connection)) {
      if (stat.type === 'media-source') {
        const level = numberOf(stat, 'audioLevel');
        if (session.self !== null && level !== null) levels.set(session.self, level);
      } else if (stat.type === 'remote-inbound-rtp') {
        lostOnTheWayOut = Math.max(lostOnTheWayOut, numberOf(stat, 'fractionLost') ?? 0);
        roundTripS = larger(roundTripS, numberOf(stat, 'roundTripTime'));
      }
    }

    const total = loss.received + loss.lost;
    const share = Math.max(lostOnTheWayOut, total === 0 ? 0 : loss.lost / total);
    return { levels, quality: roundTripS === null ? 'unknown' : qualityOf(share, roundTripS) };
  }

  #count(stat: RTCStats, loss: Loss): void {
    const now: Counters = {
      received: numberOf(stat, 'packetsReceived') ?? 0,
      lost: numberOf(stat, 'packetsLost') ?? 0,
    };
    const before = this.#counters.get(stat.id);
    this.#counters.set(stat.id, now);
    if (before === undefined) return;
    loss.received += Math.max(0, now.received - before.received);
    loss.lost += Math.max(0, now.lost - before.lost);
  }
}

/** Coarse on purpose: people want to know whether it is their connection, not by how much. */
export function qualityOf(lossShare: number, roundTripS: number): Quality {
  if (lossShare > 0.08 || roundTripS > 0.6) return 'poor';
  if (lossShare > 0.02 || roundTripS > 0.25) return 'fair';
  return 'good';
}

/** Below this, a microphone hears a room and not a voice. */
const VOICE = 0.02;
/** Another voice takes over when it is clearly the louder one. */
const TAKEOVER = 1.5;

/** Who speaks: keeps to the one who does until another is clearly louder. */
export function speakerOf(
  levels: ReadonlyMap<string, number>,
  present: string | null,
): string | null {
  let loudest: string | null = null;
  let level = VOICE;
  for (const [participant, one] of levels) {
    if (one > level) {
      loudest = participant;
      level = one;
    }
  }
  const presentLevel = present === null ? 0 : (levels.get(present) ?? 0);
  return presentLevel > VOICE && level < presentLevel * TAKEOVER ? present : loudest;
}

async function statsOf(connection: RTCPeerConnection): Promise<RTCStats[]> {
  if (connection.connectionState === 'closed') return [];
  const stats: RTCStats[] = [];
  const report = await connection.getStats();
  report.forEach((stat: RTCStats) => {
    stats.push(stat);
  });
  return stats;
}

function valueOf(stat: RTCStats, key: string): unknown {
  return Object.entries(stat).find(([name]) => name === key)?.[1];
}

function numberOf(stat: RTCStats, key: string): number | null {
  const value = valueOf(stat, key);
  return typeof value === 'number' ? value : null;
}

function textOf(stat: RTCStats, key: string): string | null {
  const value = valueOf(stat, key);
  return typeof value === 'string' ? value : null;
}

function larger(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.max(one, other);
}
