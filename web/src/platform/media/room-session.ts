import { Publishing } from './publishing';
import type { ClosingReason, MediaState, ParticipantView, SeatView, ServerMessage } from './protocol';
import { Receiving } from './receiving';
import { Signalling } from './signalling';

/** A transport that is disconnected for longer does not come back by itself. */
const DISCONNECTED_LIMIT_MS = 5_000;

/** Why a session ended without our wish. */
export type SessionEnd =
  | { readonly kind: 'closed_by_server'; readonly reason: ClosingReason }
  | { readonly kind: 'lost'; readonly opened: boolean };

/** What a session reports to the room's client. */
export interface SessionListener {
  /** The participants, their media or the seats have changed. */
  onChanged(): void;
  /** We are in the room. */
  onWelcome(publishes: boolean): void;
  /** Called at most once; the session is closed by then. */
  onEnd(end: SessionEnd): void;
  /** Something had no effect. */
  onError(code: string, message: string): void;
}

/** The local tracks at the moment. */
export interface LocalTracks {
  readonly microphone: MediaStreamTrack | null;
  readonly camera: MediaStreamTrack | null;
}

/** One stay in a room: a WebSocket and the peer connections that belong to it. After a loss, a new one is made. */
export class RoomSession {
  readonly receiving = new Receiving();
  publishing: Publishing | null = null;
  self: string | null = null;
  readonly participants = new Map<string, ParticipantView>();

  readonly #signalling: Signalling;
  readonly #listener: SessionListener;
  readonly #local: () => LocalTracks;
  readonly #timers = new Map<RTCPeerConnection, ReturnType<typeof setTimeout>>();
  #media: MediaState;
  #ended = false;

  constructor(
    url: string,
    token: string,
    media: MediaState,
    local: () => LocalTracks,
    listener: SessionListener,
  ) {
    this.#media = media;
    this.#local = local;
    this.#listener = listener;
    this.#watch(this.receiving.connection);
    this.receiving.connection.addEventListener('track', () => listener.onChanged());
    this.#signalling = new Signalling(url, token, {
      onMessage: (message) => this.#onMessage(message),
      onClosed: (opened) => this.#end({ kind: 'lost', opened }),
    });
  }

  /** Tells the others what is switched on. */
  announce(media: MediaState): void {
    this.#media = media;
    if (this.self !== null) this.#signalling.send({ type: 'media', ...media });
  }

  /** Asks for a fresh picture of the participant. */
  refresh(participant: string): void {
    this.#signalling.send({ type: 'key_frame', participant, source: 'camera' });
  }

  /** Leaves the room. Nothing is reported any more. */
  leave(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#signalling.send({ type: 'leave' });
    this.#release();
  }

  #onMessage(message: ServerMessage): void {
    switch (message.type) {
      case 'welcome':
        this.self = message.participant;
        this.participants.clear();
        for (const view of message.participants) this.participants.set(view.participant, view);
        this.#signalling.send({ type: 'media', ...this.#media });
        if (message.publish) void this.#publish();
        this.#listener.onWelcome(message.publish);
        break;
      case 'participant_joined':
        this.participants.set(message.participant.participant, message.participant);
        break;
      case 'participant_left':
        // The server tells the connection, so that a late word about an old one does no harm.
        if (this.participants.get(message.participant)?.connection === message.connection) {
          this.participants.delete(message.participant);
        }
        break;
      case 'media_changed':
        this.#update(message.participant, (view) => ({ ...view, media: message.media }));
        break;
      case 'track_published':
        this.#update(message.participant, (view) => ({
          ...view,
          published: [...view.published.filter((one) => one !== message.source), message.source],
        }));
        break;
      case 'track_unpublished':
        this.#update(message.participant, (view) => ({
          ...view,
          published: view.published.filter((one) => one !== message.source),
        }));
        break;
      case 'published':
        this.publishing?.accept(message.sdp).catch((cause: unknown) => this.#fail(cause));
        break;
      case 'subscribe':
        this.#subscribe(message.generation, message.sdp, message.seats);
        break;
      case 'seats':
        this.receiving.arrange(message.seats);
        break;
      case 'pong':
        return;
      case 'error':
        this.#listener.onError(message.code, message.message);
        if (message.code === 'transport_lost') this.#end({ kind: 'lost', opened: true });
        return;
      case 'closing':
        this.#end({ kind: 'closed_by_server', reason: message.reason });
        return;
    }
    this.#listener.onChanged();
  }

  async #publish(): Promise<void> {
    const publishing = new Publishing();
    this.publishing = publishing;
    this.#watch(publishing.connection);
    try {
      const { microphone, camera } = this.#local();
      await publishing.replace('microphone', microphone);
      await publishing.replace('camera', camera);
      const { sdp, tracks } = await publishing.offer();
      this.#signalling.send({ type: 'publish', sdp, tracks });
    } catch (cause) {
      this.#fail(cause);
    }
  }

  #subscribe(generation: number, sdp: string, seats: readonly SeatView[]): void {
    this.receiving.negotiate(
      sdp,
      (answer) => {
        this.receiving.arrange(seats);
        this.#signalling.send({ type: 'answer', generation, sdp: answer });
        if (!this.#ended) this.#listener.onChanged();
      },
      (cause) => this.#fail(cause),
    );
  }

  #update(participant: string, change: (view: ParticipantView) => ParticipantView): void {
    const view = this.participants.get(participant);
    if (view !== undefined) this.participants.set(participant, change(view));
  }

  /** A description that this browser cannot apply: a fresh start is the way out. */
  #fail(cause: unknown): void {
    if (this.#ended) return;
    this.#listener.onError('sdp_rejected', cause instanceof Error ? cause.message : String(cause));
    this.#end({ kind: 'lost', opened: true });
  }

  #watch(connection: RTCPeerConnection): void {
    connection.addEventListener('connectionstatechange', () => {
      clearTimeout(this.#timers.get(connection));
      if (connection.connectionState === 'failed') {
        this.#end({ kind: 'lost', opened: true });
      } else if (connection.connectionState === 'disconnected') {
        const timer = setTimeout(() => this.#end({ kind: 'lost', opened: true }), DISCONNECTED_LIMIT_MS);
        this.#timers.set(connection, timer);
      }
    });
  }

  #end(end: SessionEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#release();
    this.#listener.onEnd(end);
  }

  #release(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#signalling.close();
    this.publishing?.close();
    this.receiving.close();
  }
}
