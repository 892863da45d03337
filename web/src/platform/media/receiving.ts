import type { Medium, SeatView } from './protocol';

/** The tracks of one participant as they come in. */
export type SeatTracks = Partial<Record<Medium, MediaStreamTrack>>;

/**
 * The way into the browser: one peer connection whose sections are seats. A seat plays one participant at a time; who
 * that is changes without negotiation.
 */
export class Receiving {
  readonly connection = new RTCPeerConnection();
  #seats: readonly SeatView[] = [];
  // Descriptions are applied strictly one after the other.
  #queue: Promise<void> = Promise.resolve();

  /** Applies an offer and hands the answer over; errors go to `failed`. */
  negotiate(sdp: string, answered: (sdp: string) => void, failed: (cause: unknown) => void): void {
    this.#queue = this.#queue
      .then(async () => {
        await this.connection.setRemoteDescription({ type: 'offer', sdp });
        await this.connection.setLocalDescription();
        answered(this.connection.localDescription?.sdp ?? '');
      })
      .catch(failed);
  }

  arrange(seats: readonly SeatView[]): void {
    this.#seats = seats;
  }

  tracksOf(participant: string): SeatTracks {
    const seat = this.#seats.find((candidate) => candidate.participant === participant);
    if (seat === undefined) return {};
    const tracks: SeatTracks = {};
    for (const transceiver of this.connection.getTransceivers()) {
      const medium = mediumOf(seat, transceiver.mid);
      if (medium !== null) tracks[medium] = transceiver.receiver.track;
    }
    return tracks;
  }

  /** Who plays in the section, or null. */
  participantAt(mid: string): string | null {
    return this.#seats.find((seat) => mediumOf(seat, mid) !== null)?.participant ?? null;
  }

  close(): void {
    this.connection.close();
  }
}

function mediumOf(seat: SeatView, mid: string | null): Medium | null {
  if (mid === null) return null;
  const media: readonly Medium[] = ['microphone', 'camera', 'screen'];
  return media.find((medium) => seat.mids[medium] === mid) ?? null;
}
