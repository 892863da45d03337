/** Watches what is on stage in a room, by WHEP (draft-ietf-wish-whep). */

export type PlayerState = 'connecting' | 'playing' | 'lost';

/** So many voices are heard at once; a picture there is one of. */
const VOICES = 3;
/** What does not come back by then is lost. */
const PATIENCE_MS = 8_000;

export interface Player {
  /** What is seen and heard. */
  readonly stream: MediaStream;
  stop(): void;
}

/** Begins to watch at `endpoint`, with the bearer token of a watcher. */
export function watchStage(
  offer: { endpoint: string; token: string },
  onState: (state: PlayerState) => void,
): Player {
  const connection = new RTCPeerConnection();
  const stream = new MediaStream();
  const stopped = new AbortController();
  let exchange: string | null = null;
  let patience: ReturnType<typeof setTimeout> | undefined;

  connection.ontrack = ({ track }) => stream.addTrack(track);
  connection.onconnectionstatechange = () => {
    clearTimeout(patience);
    const state = connection.connectionState;
    if (state === 'connected') onState('playing');
    if (state === 'disconnected') patience = setTimeout(() => onState('lost'), PATIENCE_MS);
    if (state === 'failed' || state === 'closed') onState('lost');
  };
  const leave = () => {
    // Nobody waits for the answer: a watcher who is gone is missed by the server itself.
    if (exchange) void fetch(exchange, { method: 'DELETE', keepalive: true }).catch(() => {});
    exchange = null;
  };

  async function begin() {
    for (let voice = 0; voice < VOICES; voice += 1) {
      connection.addTransceiver('audio', { direction: 'recvonly' });
    }
    connection.addTransceiver('video', { direction: 'recvonly' });
    await connection.setLocalDescription();
    const answer = await fetch(offer.endpoint, {
      method: 'POST',
      headers: { authorization: `Bearer ${offer.token}`, 'content-type': 'application/sdp' },
      body: connection.localDescription?.sdp ?? '',
      signal: stopped.signal,
    });
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    exchange = answer.headers.get('location');
    const sdp = await answer.text();
    if (stopped.signal.aborted) return leave();
    await connection.setRemoteDescription({ type: 'answer', sdp });
  }

  onState('connecting');
  begin().catch(() => {
    if (!stopped.signal.aborted) onState('lost');
  });
  return {
    stream,
    stop() {
      clearTimeout(patience);
      connection.onconnectionstatechange = null;
      stopped.abort();
      connection.close();
      leave();
    },
  };
}
