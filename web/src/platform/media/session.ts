import {
  type ClientMessage,
  type MediaState,
  readMessage,
  type SeatView,
  type ServerCloseReason,
  type ServerMessage,
  type Source,
  SUBPROTOCOL,
  type Tile,
} from './protocol';
import { iceServers, isRelayed, type RelayAccess } from './relay';

/** The tracks that we send; the caller opened them and stops them. */
export type LocalTracks = { audio: MediaStreamTrack | null; video: MediaStreamTrack | null };

/** How a session ended: by the server's word, or by losing it. */
export type SessionEnd =
  | { by: 'server'; reason: ServerCloseReason }
  | { by: 'loss'; welcomed: boolean };

export type SessionEvents = {
  /** Every message, after the session has dealt with its own part in it. */
  onMessage: (message: ServerMessage) => void;
  /** Who plays where has changed. */
  onSeats: (seats: readonly SeatView[]) => void;
  /** Once, at last. */
  onEnd: (end: SessionEnd) => void;
};

const PING_INTERVAL_MS = 3_000;
/** A path that was interrupted for so long is begun anew, and not again for a while. */
const INTERRUPTED_MS = 1_500;
const RESTARTED_MS = 6_000;
/** Nothing heard for so long: the connection is dead, even if no one has said so. */
const SILENCE_LIMIT_MS = 10_000;
/**
 * The picture in three qualities, the smallest first: each receiver gets the one that its tile shows and its connection
 * carries. The browser leaves out what the camera or our connection does not give.
 */
const QUALITIES: RTCRtpEncodingParameters[] = [
  { rid: 'q', scaleResolutionDownBy: 4, maxBitrate: 150_000 },
  { rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 500_000 },
  { rid: 'f', scaleResolutionDownBy: 1, maxBitrate: 1_500_000 },
];

/**
 * One connection to the media server, from the WebSocket to its end: two peer connections, one to send (we offer) and
 * one to receive (the server offers), so that offers never cross.
 */
export class Session {
  readonly #events: SessionEvents;
  readonly #socket: WebSocket;
  readonly #sending: RTCPeerConnection;
  readonly #receiving: RTCPeerConnection;
  readonly #audio: RTCRtpSender;
  readonly #video: RTCRtpSender;
  readonly #streams = new Map<string, MediaStream>();
  /** Received descriptions are applied one after the other. */
  #receivingTurn: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setInterval> | undefined;
  #interruption: ReturnType<typeof setTimeout> | undefined;
  #restartedAt = 0;
  #heardAt = performance.now();
  #pings = 0;
  #welcomed = false;
  #over = false;

  constructor(
    options: {
      url: string;
      token: string;
      relay: RelayAccess | null;
      tracks: LocalTracks;
      media: MediaState;
    },
    events: SessionEvents,
  ) {
    this.#events = events;
    const configuration = { iceServers: iceServers(options.relay) };
    this.#sending = new RTCPeerConnection(configuration);
    this.#receiving = new RTCPeerConnection(configuration);
    // Both streams are negotiated at once, with or without a track: what is switched on later needs no negotiation.
    this.#audio = this.#sending.addTransceiver(options.tracks.audio ?? 'audio', {
      direction: 'sendonly',
    }).sender;
    this.#video = this.#sending.addTransceiver(options.tracks.video ?? 'video', {
      direction: 'sendonly',
      sendEncodings: QUALITIES,
    }).sender;
    for (const peer of [this.#sending, this.#receiving]) {
      peer.addEventListener('connectionstatechange', () => {
        if (peer.connectionState === 'failed') this.#lose();
      });
      peer.addEventListener('iceconnectionstatechange', () => this.#watchPaths());
    }
    this.#socket = new WebSocket(options.url, [SUBPROTOCOL, options.token]);
    this.#socket.addEventListener('open', () => {
      this.#heardAt = performance.now();
      this.#send({ type: 'media', ...options.media });
      this.#offer().catch(() => this.#lose());
    });
    this.#socket.addEventListener('message', (event) => this.#read(event.data));
    this.#socket.addEventListener('close', () => this.#lose());
    this.#timer = setInterval(() => this.#beat(), PING_INTERVAL_MS);
  }

  /** Sends another track, or none, in the same stream. */
  async replace(kind: 'audio' | 'video', track: MediaStreamTrack | null): Promise<void> {
    if (this.#over) return;
    await (kind === 'audio' ? this.#audio : this.#video).replaceTrack(track);
  }

  /** Tells the others what is switched on. */
  tell(media: MediaState): void {
    this.#send({ type: 'media', ...media });
  }

  /** Tells which pictures of the others the page shows, and how high: no others are sent. */
  view(tiles: Tile[]): void {
    this.#send({ type: 'view', tiles });
  }

  /** Our network has changed: media begin their ways anew, and everything else stays. */
  restart(): void {
    const now = performance.now();
    if (this.#over || now - this.#restartedAt < RESTARTED_MS) return;
    this.#restartedAt = now;
    this.#send({ type: 'restart' });
    if (this.#sending.signalingState !== 'stable') return;
    this.#sending.restartIce();
    this.#offer().catch(() => this.#lose());
  }

  /** Asks for a fresh picture of somebody. */
  askKeyFrame(participant: string, source: Source): void {
    this.#send({ type: 'key_frame', participant, source });
  }

  /** The voice and picture that play in a seat; the same object for as long as the session lives. */
  streamOf(seat: SeatView): MediaStream | null {
    const mids = [seat.mids.microphone, seat.mids.camera];
    const tracks = this.#receiving
      .getTransceivers()
      .filter((transceiver) => transceiver.mid !== null && mids.includes(transceiver.mid))
      .map((transceiver) => transceiver.receiver.track);
    if (tracks.length === 0) return null;
    const key = mids.join(' ');
    let stream = this.#streams.get(key);
    if (!stream) {
      stream = new MediaStream();
      this.#streams.set(key, stream);
    }
    for (const track of tracks) stream.addTrack(track);
    return stream;
  }

  /** The statistics of what we send and of what we receive. */
  async statistics(): Promise<{ sent: RTCStatsReport; received: RTCStatsReport }> {
    const [sent, received] = await Promise.all([
      this.#sending.getStats(),
      this.#receiving.getStats(),
    ]);
    return { sent, received };
  }

  /** Whether media go by a relay, one way or the other. */
  async isRelayed(): Promise<boolean> {
    const { sent, received } = await this.statistics();
    return isRelayed(sent) || isRelayed(received);
  }

  /** Frees everything without a word: another connection of ours has taken over. No further events. */
  yield(): void {
    if (!this.#over) this.#free();
  }

  /** Says good-bye and frees everything. No further events. */
  leave(): void {
    if (this.#over) return;
    this.#send({ type: 'leave' });
    this.#free();
  }

  /** A way that is interrupted often comes back by itself; if it does not soon, another is looked for. */
  #watchPaths(): void {
    clearTimeout(this.#interruption);
    const states = [this.#sending, this.#receiving].map((peer) => peer.iceConnectionState);
    if (states.some((state) => state === 'disconnected' || state === 'failed')) {
      this.#interruption = setTimeout(() => this.restart(), INTERRUPTED_MS);
    }
  }

  async #offer(): Promise<void> {
    // Without waiting for our candidates: the server is reached at its address and learns ours from the checks.
    await this.#sending.setLocalDescription();
    const sdp = this.#sending.localDescription?.sdp ?? '';
    const tracks = this.#sending.getTransceivers().flatMap((transceiver) => {
      const source: Source = transceiver.sender === this.#audio ? 'microphone' : 'camera';
      return transceiver.mid === null ? [] : [{ mid: transceiver.mid, source }];
    });
    this.#send({ type: 'publish', sdp, tracks });
  }

  #read(frame: unknown): void {
    if (this.#over) return;
    this.#heardAt = performance.now();
    const message = readMessage(frame);
    if (!message) return;
    switch (message.type) {
      case 'welcome':
        this.#welcomed = true;
        break;
      case 'published':
        this.#sending
          .setRemoteDescription({ type: 'answer', sdp: message.sdp })
          .catch(() => this.#lose());
        break;
      case 'subscribe':
        this.#receivingTurn = this.#receivingTurn
          .then(() => this.#accept(message.generation, message.sdp, message.seats))
          .catch(() => this.#lose());
        break;
      case 'seats':
        // Behind a description that is being applied: the sections that it names must exist.
        this.#receivingTurn = this.#receivingTurn.then(() => {
          if (!this.#over) this.#events.onSeats(message.seats);
        });
        break;
      case 'error':
        if (message.code === 'transport_lost') this.#lose();
        break;
      case 'closing':
        this.#end({ by: 'server', reason: message.reason });
        return;
    }
    if (!this.#over) this.#events.onMessage(message);
  }

  async #accept(generation: number, sdp: string, seats: readonly SeatView[]): Promise<void> {
    if (this.#over) return;
    await this.#receiving.setRemoteDescription({ type: 'offer', sdp });
    await this.#receiving.setLocalDescription();
    if (this.#over) return;
    const answer = this.#receiving.localDescription?.sdp ?? '';
    this.#send({ type: 'answer', generation, sdp: answer });
    this.#events.onSeats(seats);
  }

  #beat(): void {
    if (performance.now() - this.#heardAt > SILENCE_LIMIT_MS) {
      this.#lose();
      return;
    }
    this.#pings += 1;
    this.#send({ type: 'ping', id: this.#pings });
  }

  #send(message: ClientMessage): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #lose(): void {
    this.#end({ by: 'loss', welcomed: this.#welcomed });
  }

  #end(end: SessionEnd): void {
    if (this.#over) return;
    this.#free();
    this.#events.onEnd(end);
  }

  #free(): void {
    this.#over = true;
    clearInterval(this.#timer);
    clearTimeout(this.#interruption);
    this.#socket.close();
    this.#sending.close();
    this.#receiving.close();
  }
}
