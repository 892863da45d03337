import type { Medium } from './protocol';

/** Enough for a face; a room of many forwards this many times. */
const CAMERA_MAX_BITRATE = 700_000;

type LocalMedium = Exclude<Medium, 'screen'>;

/** The way out of the browser: one peer connection with a microphone and a camera section, whether devices exist or not. */
export class Publishing {
  readonly connection = new RTCPeerConnection();
  readonly #transceivers: Record<LocalMedium, RTCRtpTransceiver>;

  constructor() {
    this.#transceivers = {
      microphone: this.connection.addTransceiver('audio', { direction: 'sendonly' }),
      camera: this.connection.addTransceiver('video', {
        direction: 'sendonly',
        sendEncodings: [{ maxBitrate: CAMERA_MAX_BITRATE }],
      }),
    };
  }

  /** The offer, and which section carries what. */
  async offer(): Promise<{ sdp: string; tracks: { mid: string; source: Medium }[] }> {
    await this.connection.setLocalDescription();
    const tracks = Object.entries(this.#transceivers).flatMap(([source, { mid }]) =>
      mid === null ? [] : [{ mid, source: source === 'camera' ? ('camera' as const) : ('microphone' as const) }],
    );
    return { sdp: this.connection.localDescription?.sdp ?? '', tracks };
  }

  async accept(sdp: string): Promise<void> {
    await this.connection.setRemoteDescription({ type: 'answer', sdp });
  }

  /** Sends this track from now on, without negotiation. */
  async replace(medium: LocalMedium, track: MediaStreamTrack | null): Promise<void> {
    await this.#transceivers[medium].sender.replaceTrack(track);
  }

  close(): void {
    this.connection.close();
  }
}
