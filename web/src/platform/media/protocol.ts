// The messages of `plenum.sfu.v1`, as platform/sfu/README.md describes them.

/** The WebSocket subprotocol; the token follows it as a second one. */
export const SUBPROTOCOL = 'plenum.sfu.v1';

/** What a published stream shows or carries. */
export type Medium = 'microphone' | 'camera' | 'screen';

/** What a participant has switched on. */
export interface MediaState {
  readonly microphone: boolean;
  readonly camera: boolean;
  readonly screen: boolean;
}

/** Somebody in the room, as the server describes them. */
export interface ParticipantView {
  readonly participant: string;
  readonly connection: string;
  readonly name: string;
  readonly label: string | null;
  readonly publish: boolean;
  readonly media: MediaState;
  readonly published: readonly Medium[];
}

/** Which sections of the received description play which participant. */
export interface SeatView {
  readonly participant: string | null;
  readonly mids: Readonly<Partial<Record<Medium, string>>>;
}

/** Why something that was sent had no effect. */
export type ErrorCode =
  | 'message_malformed'
  | 'sdp_malformed'
  | 'sdp_rejected'
  | 'publish_forbidden'
  | 'answer_stale'
  | 'transport_lost'
  | 'internal';

/** Why the server ended a connection. */
export type ClosingReason = 'replaced' | 'removed' | 'room_closed' | 'shutdown' | 'silent';

/** What the server says. */
export type ServerMessage =
  | {
      readonly type: 'welcome';
      readonly version: number;
      readonly room: string;
      readonly participant: string;
      readonly connection: string;
      readonly publish: boolean;
      readonly participants: readonly ParticipantView[];
    }
  | { readonly type: 'participant_joined'; readonly participant: ParticipantView }
  | {
      readonly type: 'participant_left';
      readonly participant: string;
      readonly connection: string;
    }
  | { readonly type: 'media_changed'; readonly participant: string; readonly media: MediaState }
  | { readonly type: 'track_published'; readonly participant: string; readonly source: Medium }
  | { readonly type: 'track_unpublished'; readonly participant: string; readonly source: Medium }
  | { readonly type: 'published'; readonly sdp: string }
  | {
      readonly type: 'subscribe';
      readonly generation: number;
      readonly sdp: string;
      readonly seats: readonly SeatView[];
    }
  | { readonly type: 'seats'; readonly seats: readonly SeatView[] }
  | { readonly type: 'pong'; readonly id: number }
  | { readonly type: 'error'; readonly code: ErrorCode; readonly message: string }
  | { readonly type: 'closing'; readonly reason: ClosingReason };

/** What we say. */
export type ClientMessage =
  | {
      readonly type: 'publish';
      readonly sdp: string;
      readonly tracks: readonly { readonly mid: string; readonly source: Medium }[];
    }
  | { readonly type: 'answer'; readonly generation: number; readonly sdp: string }
  | ({ readonly type: 'media' } & MediaState)
  | { readonly type: 'key_frame'; readonly participant: string; readonly source: Medium }
  | { readonly type: 'ping'; readonly id: number }
  | { readonly type: 'leave' };

const KNOWN: ReadonlySet<string> = new Set<ServerMessage['type']>([
  'welcome',
  'participant_joined',
  'participant_left',
  'media_changed',
  'track_published',
  'track_unpublished',
  'published',
  'subscribe',
  'seats',
  'pong',
  'error',
  'closing',
]);

/** Reads a message; null for one that this version does not know, which is to be passed over. */
export function readMessage(data: unknown): ServerMessage | null {
  if (typeof data !== 'string') return null;
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return null;
  }
  return isMessage(value) ? value : null;
}

// The server is ours and versioned by the subprotocol: the type tells the shape.
function isMessage(value: unknown): value is ServerMessage {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    typeof value.type === 'string' &&
    KNOWN.has(value.type)
  );
}
