// What runs in each browser: the product's client, with handles for the test.

import { type Pass, RoomClient, type RoomSnapshot } from '../../web/src/platform/media/room-client.ts';

/** What the test asks of a page. */
export interface Handles {
  join(query: Record<string, string>, camera?: MediaTrackConstraints): Promise<void>;
  /** From now on media come and go by this port of the machine, which leads to the server. */
  throughPort(port: number): void;
  /** Shows the others' pictures so high, in pixels; 0: not at all. */
  show(height: number): void;
  /** Sees the others, or only hears them. */
  pictures(on: boolean): void;
  /** What is sent of the picture. */
  sent(): Promise<{ rid: string; height: number; frames: number }[]>;
  /** From now on the time between pictures is watched. */
  watchGaps(): void;
  /** The longest time between two pictures since then, in milliseconds, and how many pictures there were. */
  gaps(): { longest: number; frames: number };
  /** From now on media may go by the relay only, over this transport. */
  relayOnly(transport: 'udp' | 'tcp'): void;
  /** From now on media may go by TCP only, straight to the server. */
  streamsOnly(): void;
  /** The next access to the relay is taken to end soon, so that it is renewed. */
  expireSoon(): void;
  /** Joins without devices. */
  joinBare(query: Record<string, string>): void;
  /** Opens devices and sends them. */
  publish(): Promise<void>;
  /** Closes the devices, as a camera that is switched off. */
  unpublish(): Promise<void>;
  /** Milliseconds from the call until so many others' pictures were decoded. */
  joinAndSee(query: Record<string, string>, others: number): Promise<number>;
  snapshot(): unknown;
  switch(what: 'microphone' | 'camera', on: boolean): void;
  leave(): void;
  /** Ends the WebSocket under the client. */
  cut(): void;
  /** How many numbers of other participants this page has shown so far, in order. */
  counts(): number[];
  received(): Promise<Received>;
  /** Sends raw messages on a connection of its own and returns the answers that are errors or pongs. */
  raw(query: Record<string, string>, messages: string[], answers: number): Promise<unknown[]>;
}

interface Stream {
  mid: string;
  height: number;
  frames: number;
  keyFrames: number;
  energy: number;
  packets: number;
  lost: number;
}

interface Received {
  video: Stream[];
  audio: Stream[];
  srtp: string[];
  remote: string[];
  /** The ways that are in use: what our end of each is, and by which transport a relay is reached. */
  ways: string[];
}

declare global {
  interface Window {
    room: Handles;
  }
}

let only: 'udp' | 'tcp' | null = null;
let streams = false;

function restricted(configuration: RTCConfiguration = {}): RTCConfiguration {
  if (streams) return { ...configuration, iceServers: [] };
  if (only === null) return configuration;
  const iceServers = (configuration.iceServers ?? []).map((server) => ({
    ...server,
    urls: [server.urls].flat().filter((one) => one.endsWith(`?transport=${only}`)),
  }));
  return { ...configuration, iceServers, iceTransportPolicy: 'relay' };
}

let through: number | null = null;

/** The server's address as it is told, behind the port that leads there. */
function rerouted(description: RTCSessionDescriptionInit): RTCSessionDescriptionInit {
  if (streams) {
    const sdp = (description.sdp ?? '').replace(/^a=candidate:\S+ 1 udp .*\r\n/gm, '');
    return { ...description, sdp };
  }
  if (through === null) return description;
  const sdp = (description.sdp ?? '')
    .replace(/^a=candidate:.* tcptype .*\r\n/gm, '')
    .replace(/^(a=candidate:\S+ 1 udp \d+ \S+) \d+/gm, `$1 ${through}`);
  return { ...description, sdp };
}

const peers: RTCPeerConnection[] = [];
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(configuration?: RTCConfiguration) {
    super(restricted(configuration));
    peers.push(this);
  }

  override setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    return super.setRemoteDescription(rerouted(description));
  }
};
const sockets: WebSocket[] = [];
window.WebSocket = class extends WebSocket {
  constructor(url: string | URL, protocols?: string | string[]) {
    super(url, protocols);
    sockets.push(this);
  }
};

const client = new RoomClient();
const url = `ws://${location.host}/sfu`;
const counts: number[] = [];
client.subscribe(() => {
  const { participants } = client.getSnapshot();
  if (counts.at(-1) !== participants.length) counts.push(participants.length);
  play(client.getSnapshot());
});

function token(query: Record<string, string>): Promise<string> {
  return fetch(`/token?${new URLSearchParams(query)}`).then((response) => response.text());
}

let soon = false;

async function pass(query: Record<string, string>): Promise<Pass> {
  const participant = query.participant ?? '';
  const answer = await fetch(`/relay?${new URLSearchParams({ participant })}`);
  const relay = await answer.json();
  if (soon) relay.expiresAt = new Date(Date.now() + 92_000).toISOString();
  soon = false;
  return { token: await token(query), relay };
}

/** Pictures are decoded for whoever looks; a page of the product looks through video elements. */
function play(snapshot: RoomSnapshot): void {
  for (const { id, stream } of snapshot.participants) {
    let video = document.getElementById(id) as HTMLVideoElement | null;
    if (video === null) {
      video = document.createElement('video');
      video.id = id;
      video.autoplay = true;
      video.playsInline = true;
      document.body.append(video);
    }
    if (video.srcObject !== stream) video.srcObject = stream;
  }
  for (const video of document.querySelectorAll('video')) {
    if (!snapshot.participants.some(({ id }) => id === video.id)) video.remove();
  }
}

async function received(): Promise<Received> {
  const result: Received = { video: [], audio: [], srtp: [], remote: [], ways: [] };
  for (const peer of peers.filter((one) => one.connectionState !== 'closed')) {
    const report = await peer.getStats();
    report.forEach((stat) => {
      if (stat.type === 'inbound-rtp') {
        result[stat.kind as 'audio' | 'video'].push({
          mid: stat.mid,
          height: stat.frameHeight ?? 0,
          frames: stat.framesDecoded ?? 0,
          keyFrames: stat.keyFramesDecoded ?? 0,
          energy: stat.totalAudioEnergy ?? 0,
          packets: stat.packetsReceived ?? 0,
          lost: stat.packetsLost ?? 0,
        });
      }
      if (stat.type === 'transport') {
        result.srtp.push(`${stat.srtpCipher} ${stat.dtlsRole} ${stat.dtlsState}`);
        // One that was in use before counts as nominated still.
        const local = report.get(report.get(stat.selectedCandidatePairId)?.localCandidateId);
        const transport = local?.relayProtocol ?? (local?.protocol === 'tcp' ? 'tcp' : '');
        if (local) result.ways.push([local.candidateType, transport].filter(Boolean).join(' '));
      }
      if (stat.type === 'remote-candidate') result.remote.push(`${stat.candidateType} ${stat.address}`);
    });
  }
  return result;
}

const SMALL = { width: 320, height: 180, frameRate: 20 };

async function publish(camera: MediaTrackConstraints = SMALL): Promise<void> {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: true,
    video: camera,
  });
  await client.publish({
    audio: stream.getAudioTracks()[0] ?? null,
    video: stream.getVideoTracks()[0] ?? null,
  });
}

function joinBare(query: Record<string, string>): void {
  client.connect({ url, pass: () => pass(query) });
}

async function join(query: Record<string, string>, camera?: MediaTrackConstraints): Promise<void> {
  await publish(camera);
  joinBare(query);
}

const watched = { longest: 0, frames: 0 };

window.room = {
  join,
  expireSoon: () => {
    soon = true;
  },
  streamsOnly: () => {
    streams = true;
  },
  relayOnly: (transport) => {
    only = transport;
  },
  throughPort: (port) => {
    through = port;
  },
  show(height) {
    const tiles = height > 0 ? client.getSnapshot().participants.map(({ id }) => ({ participant: id, source: 'camera', height })) : [];
    sockets.at(-1)?.send(JSON.stringify({ type: 'view', tiles }));
  },
  pictures: (on) => client.setPictures(on),
  async sent() {
    const layers: { rid: string; height: number; frames: number }[] = [];
    for (const peer of peers.filter((one) => one.connectionState !== 'closed')) {
      (await peer.getStats()).forEach((stat) => {
        if (stat.type === 'outbound-rtp' && stat.kind === 'video') {
          layers.push({ rid: stat.rid ?? '', height: stat.frameHeight ?? 0, frames: stat.framesEncoded ?? 0 });
        }
      });
    }
    return layers;
  },
  watchGaps() {
    for (const video of document.querySelectorAll('video')) {
      let before: number | null = null;
      const note: VideoFrameRequestCallback = (now) => {
        if (before !== null) watched.longest = Math.max(watched.longest, now - before);
        watched.frames += 1;
        before = now;
        video.requestVideoFrameCallback(note);
      };
      video.requestVideoFrameCallback(note);
    }
  },
  gaps: () => watched,
  joinBare,
  publish,
  unpublish: () => client.publish({ audio: null, video: null }),
  async joinAndSee(query, others) {
    const start = performance.now();
    await join(query);
    for (;;) {
      const { video } = await received();
      if (video.filter(({ frames }) => frames > 0).length >= others) return performance.now() - start;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  },
  snapshot: () => {
    const { participants, ...rest } = client.getSnapshot();
    return { ...rest, participants: participants.map(({ stream, ...view }) => ({ ...view, streams: stream !== null })) };
  },
  switch: (what, on) => (what === 'microphone' ? client.setMicrophone(on) : client.setCamera(on)),
  leave: () => client.leave(),
  cut: () => sockets.at(-1)?.close(),
  counts: () => counts,
  received,
  async raw(query, messages, answers) {
    const socket = new WebSocket(url, ['plenum.sfu.v1', await token(query)]);
    const heard: unknown[] = [];
    await new Promise<void>((resolve, reject) => {
      socket.onopen = () => messages.forEach((message) => socket.send(message));
      socket.onclose = () => reject(new Error('the connection was closed'));
      socket.onmessage = ({ data }) => {
        const message = JSON.parse(String(data)) as { type: string };
        if (message.type === 'error' || message.type === 'pong') heard.push(message);
        if (heard.length === answers) resolve();
      };
    });
    socket.onclose = null;
    socket.close();
    return heard;
  },
};
