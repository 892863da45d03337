/** The messages of `plenum.sfu.v1`, as `platform/sfu` writes and reads them: JSON text frames, told apart by `type`. */

export const SUBPROTOCOL = 'plenum.sfu.v1';

/** What a stream shows or carries. */
export type Source = 'microphone' | 'camera' | 'screen';

/** What somebody has switched on. */
export type MediaState = { microphone: boolean; camera: boolean; screen: boolean };

/** Somebody in the room, as the server tells it. */
export type ParticipantView = {
  participant: string;
  connection: string;
  name: string;
  label: string;
  media: MediaState;
  published: Source[];
};

/** Who plays in which sections of the description that we receive. */
export type SeatView = {
  participant: string | null;
  mids: Partial<Record<Source, string>>;
  /** Pictures that are left out, because our connection is too weak for them. */
  held?: Source[];
};

/** A picture that the page shows. */
export type Tile = { participant: string; source: Source; height: number };

/** Why the server ended the connection. */
export type ServerCloseReason = 'replaced' | 'removed' | 'room_closed' | 'shutdown' | 'silent';

export type ErrorCode =
  | 'message_malformed'
  | 'sdp_malformed'
  | 'sdp_rejected'
  | 'answer_stale'
  | 'transport_lost';

export type ServerMessage =
  | { type: 'welcome'; version: number; participant: string; participants: ParticipantView[] }
  | { type: 'participant_joined'; participant: ParticipantView }
  | { type: 'participant_left'; participant: string; connection: string }
  | { type: 'media_changed'; participant: string; media: MediaState }
  | { type: 'track_published'; participant: string; source: Source }
  | { type: 'track_unpublished'; participant: string; source: Source }
  | { type: 'published'; sdp: string }
  | { type: 'subscribe'; generation: number; sdp: string; seats: SeatView[] }
  | { type: 'seats'; seats: SeatView[] }
  | { type: 'pong'; id: number }
  | { type: 'error'; code: ErrorCode; message: string }
  | { type: 'closing'; reason: ServerCloseReason };

export type ClientMessage =
  | { type: 'publish'; sdp: string; tracks: { mid: string; source: Source }[] }
  | { type: 'answer'; generation: number; sdp: string }
  | ({ type: 'media' } & MediaState)
  | { type: 'key_frame'; participant: string; source: Source }
  | { type: 'restart' }
  | { type: 'view'; tiles: Tile[] }
  | { type: 'ping'; id: number }
  | { type: 'leave' };

/**
 * Reads a frame; `null` for one that is no message. Fields are taken at their word: the server is ours, and of the same
 * version or newer, which may only add.
 */
export function readMessage(frame: unknown): ServerMessage | null {
  if (typeof frame !== 'string') return null;
  try {
    const message: unknown = JSON.parse(frame);
    if (typeof message !== 'object' || message === null) return null;
    return 'type' in message && typeof message.type === 'string'
      ? (message as ServerMessage)
      : null;
  } catch {
    return null;
  }
}
