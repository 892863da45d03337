import { measure, type Reading } from './measure';
import type { MediaState, SeatView, ServerCloseReason, ServerMessage } from './protocol';
import type { Quality } from './quality';
import { type RelayAccess, renewsAfter } from './relay';
import { arrange, follow, mark, type Participant, type Roster } from './roster';
import { type LocalTracks, Session, type SessionEnd } from './session';
import { type Tiles, View } from './view';

export type { Quality } from './quality';
export type { RelayAccess } from './relay';
export type { Participant } from './roster';

/** Where the connection stands. */
export type RoomState = 'connecting' | 'connected' | 'reconnecting' | 'closed';

/** Why it is closed: by us, by ourselves elsewhere, by not (or no longer) being let in, or with the room. */
export type RoomCloseReason = 'left' | 'replaced' | 'refused' | 'room_closed';

/** What the page shows. Immutable: a change makes a new one, and what did not change stays the same object. */
export type RoomSnapshot = {
  state: RoomState;
  /** Set when closed. */
  reason: RoomCloseReason | null;
  /** Our own id in the room, known from the first welcome on. */
  self: string | null;
  /** The others, in the order in which they came. */
  participants: readonly Participant[];
  /** What we have switched on and really send. */
  microphone: boolean;
  camera: boolean;
  /** Whether we want to see the others. */
  pictures: boolean;
  /** Whether we ourselves are heard speaking. */
  speaking: boolean;
  quality: Quality;
};

export type ConnectOptions = {
  /** The media server's WebSocket, such as `wss://host/sfu`. */
  url: string;
  /** A fresh pass, asked for at each connection. Throw [`AccessRefused`] when there is none to be had. */
  pass: () => Promise<Pass>;
};

/** What one connection needs: a room token, and how media go when no direct way leads to the server. */
export type Pass = { token: string; relay: RelayAccess | null };

/** Thrown by `pass` when we may not join (any more): the client gives up instead of trying again. */
export class AccessRefused extends Error {
  override name = 'AccessRefused';
}

const MEASURE_INTERVAL_MS = 400;
/** Pixels that no tile is higher than, for pages that do not say how high theirs are. */
const LARGE = 720;
/** The way may come to lead by the relay at any time, so whether it does is looked at again. */
const LOOK_AGAIN_MS = 10_000;
const FIRST_RETRY_MS = 300;
const LAST_RETRY_MS = 8_000;
/** With a fresh token each, so many failures before the welcome mean that we are not wanted… */
const REFUSALS = 5;
/** …when they go on for so long: by then another server has the room, if the one that had it is lost. */
const REFUSALS_FOR_MS = 12_000;

const START: RoomSnapshot = {
  state: 'connecting',
  reason: null,
  self: null,
  participants: [],
  microphone: false,
  camera: false,
  pictures: true,
  speaking: false,
  quality: 'good',
};

const CLOSED_BY_SERVER: Partial<Record<ServerCloseReason, RoomCloseReason>> = {
  replaced: 'replaced',
  removed: 'refused',
  room_closed: 'room_closed',
};

/**
 * Our place in a video room. Connects, connects again after a loss until told otherwise, and keeps a snapshot for
 * `useSyncExternalStore`. It never opens or stops devices: tracks come in through `publish` and stay the caller's.
 */
export class RoomClient {
  #snapshot = START;
  readonly #listeners = new Set<() => void>();
  #options: ConnectOptions | null = null;
  #session: Session | null = null;
  /** The connection that goes on until its successor is let in. */
  #former: Session | null = null;
  #tracks: LocalTracks = { audio: null, video: null };
  #wanted = { microphone: true, camera: true };
  #seats: readonly SeatView[] = [];
  /** What the page shows; `null` until it says so, and then all pictures are sent. */
  #tiles: Tiles | null = null;
  #view: View | null = null;
  #viewTold = false;
  #reading: Reading | null = null;
  /** Connections in a row that ended before the welcome, and when the first of them did. */
  #failures = 0;
  #failing = 0;
  /** Attempts since the last welcome: the wait grows with them. */
  #retries = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #renewal: ReturnType<typeof setTimeout> | undefined;
  #measuring: ReturnType<typeof setInterval> | undefined;
  /** Counts connections, so that a token that arrives late is recognized as such. */
  #attempt = 0;

  /** Calls back after each change. Returns how to stop that. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  getSnapshot = (): RoomSnapshot => this.#snapshot;

  /** Joins the room. A client that was closed may join again. */
  connect(options: ConnectOptions): void {
    this.#drop();
    this.#options = options;
    this.#failures = 0;
    this.#retries = 0;
    this.#change({ ...START, pictures: this.#snapshot.pictures, ...this.#switches() });
    this.#measuring = setInterval(() => void this.#measure(), MEASURE_INTERVAL_MS);
    window.addEventListener('online', this.#hurry);
    void this.#open();
  }

  /** Sends these tracks from now on, and after each reconnection. What is left out stays as it is. */
  async publish(tracks: {
    audio?: MediaStreamTrack | null;
    video?: MediaStreamTrack | null;
  }): Promise<void> {
    if (tracks.audio !== undefined) await this.replaceTrack('audio', tracks.audio);
    if (tracks.video !== undefined) await this.replaceTrack('video', tracks.video);
  }

  /** Sends another track of the same kind, or none: another device, without negotiation. */
  async replaceTrack(kind: 'audio' | 'video', track: MediaStreamTrack | null): Promise<void> {
    this.#tracks = { ...this.#tracks, [kind]: track };
    this.#applySwitches();
    await this.#session?.replace(kind, track);
  }

  /** Mutes or unmutes our voice. */
  setMicrophone(on: boolean): void {
    this.#wanted = { ...this.#wanted, microphone: on };
    this.#applySwitches();
  }

  /** Shows or hides our picture. */
  setCamera(on: boolean): void {
    this.#wanted = { ...this.#wanted, camera: on };
    this.#applySwitches();
  }

  /** Sees the others, or only hears them: then no pictures are sent to us. */
  setPictures(on: boolean): void {
    if (on === this.#snapshot.pictures) return;
    this.#change({ pictures: on });
    this.#tellView();
  }

  /**
   * This element shows the participant's picture, until the function that is returned is called. Once an element is
   * watched, only pictures are sent that are seen, as large as they are seen.
   */
  watch = (participant: string, element: Element): (() => void) => {
    this.#view ??= new View((tiles) => {
      this.#tiles = tiles;
      this.#tellView();
    });
    return this.#view.watch(participant, element);
  };

  /** Leaves the room for good. */
  leave(): void {
    this.#view?.close();
    this.#view = null;
    this.#tiles = null;
    if (this.#snapshot.state !== 'closed') this.#close('left');
  }

  async #open(): Promise<void> {
    const options = this.#options;
    if (!options) return;
    this.#attempt += 1;
    const attempt = this.#attempt;
    let pass: Pass;
    try {
      pass = await options.pass();
    } catch (error) {
      // A renewal that fails now is tried when the old connection ends.
      if (attempt !== this.#attempt || this.#session) return;
      if (error instanceof AccessRefused) this.#close('refused');
      else this.#tryLater();
      return;
    }
    if (attempt !== this.#attempt) return;
    this.#former?.yield();
    this.#former = this.#session;
    this.#forgetSession();
    const session: Session = new Session(
      {
        url: options.url,
        token: pass.token,
        relay: pass.relay,
        tracks: this.#tracks,
        media: this.#media(),
      },
      {
        onMessage: (message) => session === this.#session && this.#receive(message),
        onSeats: (seats) => session === this.#session && this.#arrange(seats),
        onEnd: (end) => session === this.#session && this.#ended(end),
      },
    );
    this.#session = session;
    const { relay } = pass;
    if (relay) this.#renewLater(session, relay, renewsAfter(relay, Date.now()));
  }

  #renewLater(session: Session, relay: RelayAccess, wait: number): void {
    this.#renewal = setTimeout(() => void this.#renew(session, relay), wait);
  }

  /** Access to the relay ends soon. Who needs it connects anew, and the server lets the newer connection take over. */
  async #renew(session: Session, relay: RelayAccess): Promise<void> {
    const needed = await session.isRelayed();
    if (session !== this.#session) return;
    if (needed) await this.#open();
    else if (Date.parse(relay.expiresAt) > Date.now()) {
      this.#renewLater(session, relay, LOOK_AGAIN_MS);
    }
  }

  #receive(message: ServerMessage): void {
    const roster = follow(this.#snapshot.participants, message);
    if (message.type === 'welcome') {
      this.#former?.yield();
      this.#former = null;
      this.#failures = 0;
      this.#retries = 0;
      this.#tellView();
      this.#change({
        state: 'connected',
        self: message.participant,
        // Streams of a lost connection end with it.
        participants: arrange(roster, [], () => null),
      });
    } else if (roster !== this.#snapshot.participants) {
      this.#change({ participants: this.#withStreams(roster) });
    }
  }

  #tellView(): void {
    const { pictures, participants } = this.#snapshot;
    let tiles = pictures ? this.#tiles : new Map<string, number>();
    if (!tiles) {
      // A page that does not say what it shows shows everybody: that is how it is until the first word.
      if (!this.#viewTold) return;
      tiles = new Map(participants.map(({ id }) => [id, LARGE]));
    }
    this.#viewTold = true;
    this.#session?.view(
      [...tiles].map(([participant, height]) => ({ participant, source: 'camera', height })),
    );
  }

  #arrange(seats: readonly SeatView[]): void {
    this.#seats = seats;
    this.#change({ participants: this.#withStreams(this.#snapshot.participants) });
  }

  #withStreams(roster: Roster): Roster {
    return arrange(roster, this.#seats, (seat) => this.#session?.streamOf(seat) ?? null);
  }

  #ended(end: SessionEnd): void {
    this.#forgetSession();
    if (end.by === 'server') {
      const reason = CLOSED_BY_SERVER[end.reason];
      if (reason) {
        this.#close(reason);
        return;
      }
    } else if (!end.welcomed) {
      // A browser does not tell a refusal from a broken line. The token came from the same house a moment ago, so a
      // line that breaks each time is a refusal.
      if (this.#failures === 0) this.#failing = Date.now();
      this.#failures += 1;
      const long = Date.now() - this.#failing >= REFUSALS_FOR_MS;
      if (this.#failures >= REFUSALS && long && navigator.onLine) {
        this.#close('refused');
        return;
      }
    }
    this.#tryLater();
  }

  #tryLater(): void {
    if (this.#snapshot.self !== null) {
      this.#change({ state: 'reconnecting', speaking: false, quality: 'poor' });
    }
    this.#retries += 1;
    const limit = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(this.#retries - 1, 6));
    // Spread, so that a room that lost its server does not come back as one.
    this.#retry = setTimeout(() => void this.#open(), limit * (0.5 + Math.random() / 2));
  }

  readonly #hurry = (): void => {
    // Another network: media look for their way at once, instead of when the old one is given up.
    this.#session?.restart();
    if (this.#session || this.#snapshot.state === 'closed') return;
    clearTimeout(this.#retry);
    void this.#open();
  };

  #close(reason: RoomCloseReason): void {
    this.#drop();
    this.#options = null;
    this.#change({ state: 'closed', reason, participants: [], speaking: false });
  }

  #drop(): void {
    this.#attempt += 1;
    clearTimeout(this.#retry);
    clearInterval(this.#measuring);
    window.removeEventListener('online', this.#hurry);
    this.#former?.yield();
    this.#former = null;
    this.#session?.leave();
    this.#forgetSession();
  }

  #forgetSession(): void {
    clearTimeout(this.#renewal);
    this.#viewTold = false;
    this.#session = null;
    this.#seats = [];
    this.#reading = null;
  }

  #applySwitches(): void {
    if (this.#tracks.audio) this.#tracks.audio.enabled = this.#wanted.microphone;
    if (this.#tracks.video) this.#tracks.video.enabled = this.#wanted.camera;
    const { microphone, camera } = this.#switches();
    if (microphone === this.#snapshot.microphone && camera === this.#snapshot.camera) return;
    this.#session?.tell(this.#media());
    this.#change({ microphone, camera });
  }

  #switches(): { microphone: boolean; camera: boolean } {
    return {
      microphone: this.#wanted.microphone && this.#tracks.audio !== null,
      camera: this.#wanted.camera && this.#tracks.video !== null,
    };
  }

  #media(): MediaState {
    return { ...this.#switches(), screen: false };
  }

  async #measure(): Promise<void> {
    const session = this.#session;
    if (!session || this.#snapshot.state !== 'connected') return;
    const before = this.#reading;
    const { reading, heard } = measure(await session.statistics(), this.#seats, before);
    if (session !== this.#session) return;
    this.#reading = reading;
    if (!heard) return;
    const participants = mark(this.#snapshot.participants, heard.speaking);
    const speaking = heard.self && this.#snapshot.microphone;
    const { quality } = heard;
    if (
      participants !== this.#snapshot.participants ||
      speaking !== this.#snapshot.speaking ||
      quality !== this.#snapshot.quality
    ) {
      this.#change({ participants, speaking, quality });
    }
  }

  #change(change: Partial<RoomSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of this.#listeners) listener();
  }
}
