import { type ClientMessage, readMessage, type ServerMessage, SUBPROTOCOL } from './protocol';

const PING_INTERVAL_MS = 4_000;
/** Nothing heard for so long: the server or the way to it is gone. */
const SILENCE_LIMIT_MS = 11_000;

/** Who is told what comes in. */
export interface SignallingListener {
  onMessage(message: ServerMessage): void;
  /** Called once. `opened` tells whether the server had let us in. */
  onClosed(opened: boolean): void;
}

/** One WebSocket to the media server, with a watch over its liveness. */
export class Signalling {
  readonly #socket: WebSocket;
  readonly #listener: SignallingListener;
  #timer: ReturnType<typeof setInterval> | undefined;
  #heardAt = 0;
  #pings = 0;
  #opened = false;
  #closed = false;

  constructor(url: string, token: string, listener: SignallingListener) {
    this.#listener = listener;
    this.#socket = new WebSocket(url, [SUBPROTOCOL, token]);
    this.#socket.onopen = () => this.#onOpen();
    this.#socket.onmessage = (event: MessageEvent<unknown>) => this.#onData(event.data);
    this.#socket.onclose = () => this.#end();
  }

  send(message: ClientMessage): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  /** Closes without telling the listener. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#socket.close(1000);
  }

  #onOpen(): void {
    this.#opened = true;
    this.#heardAt = performance.now();
    this.#timer = setInterval(() => this.#watch(), PING_INTERVAL_MS);
  }

  #onData(data: unknown): void {
    this.#heardAt = performance.now();
    const message = readMessage(data);
    if (message !== null && !this.#closed) this.#listener.onMessage(message);
  }

  #watch(): void {
    if (performance.now() - this.#heardAt > SILENCE_LIMIT_MS) {
      // The closing handshake of a dead connection would take its own long time.
      this.#socket.close();
      this.#end();
      return;
    }
    this.#pings += 1;
    this.send({ type: 'ping', id: this.#pings });
  }

  #end(): void {
    clearInterval(this.#timer);
    if (this.#closed) return;
    this.#closed = true;
    this.#listener.onClosed(this.#opened);
  }
}
