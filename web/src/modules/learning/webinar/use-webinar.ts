import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { toast } from '#platform/design';
import { useTexts } from '#platform/languages';
import { type Pass, RoomClient, type RoomSnapshot } from '#platform/media/room-client';
import { webinarTexts } from './texts';

/** What opens the room: a token for two minutes, the media server's address, and the relay to it if there is one. */
export type Admission = Pass & { url: string };

type Kind = 'audio' | 'video';

/** The webinar while one is in it. Everyone comes in silent and unseen; speaking up is a choice. */
export function useWebinar(
  first: Admission,
  readmit: () => Promise<Admission>,
): {
  snapshot: RoomSnapshot;
  picture: MediaStream | null;
  toggle: (kind: Kind) => void;
  leave: () => void;
  /** Tells where somebody's picture is shown. */
  watch: RoomClient['watch'];
} {
  const t = useTexts(webinarTexts);
  const [room] = useState(() => new RoomClient());
  const [picture, setPicture] = useState<MediaStream | null>(null);
  const tracks = useRef<Record<Kind, MediaStreamTrack | null>>({ audio: null, video: null });
  const busy = useRef<Record<Kind, boolean>>({ audio: false, video: false });
  const snapshot = useSyncExternalStore(room.subscribe, room.getSnapshot);
  // Joined once per mount: a change of wording or of callbacks joins nothing.
  const start = useRef({ first, readmit });

  useEffect(() => {
    let pass: Pass | null = start.current.first;
    room.setMicrophone(false);
    room.setCamera(false);
    room.connect({
      url: start.current.first.url,
      pass: async () => {
        const kept = pass;
        pass = null;
        return kept ?? (await start.current.readmit());
      },
    });
    const held = tracks.current;
    return () => {
      room.leave();
      for (const kind of ['audio', 'video'] as const) {
        held[kind]?.stop();
        held[kind] = null;
      }
    };
  }, [room]);

  const send = useCallback(
    async (kind: Kind, track: MediaStreamTrack | null) => {
      tracks.current[kind]?.stop();
      tracks.current[kind] = track;
      if (kind === 'video') setPicture(track && new MediaStream([track]));
      await room.replaceTrack(kind, track);
    },
    [room],
  );

  const toggle = useCallback(
    async (kind: Kind) => {
      if (busy.current[kind]) return;
      busy.current[kind] = true;
      const now = room.getSnapshot();
      const on = kind === 'audio' ? now.microphone : now.camera;
      const set = (value: boolean) =>
        kind === 'audio' ? room.setMicrophone(value) : room.setCamera(value);
      if (on) {
        set(false);
        // A camera that is off is let go, so that its light goes out.
        if (kind === 'video') await send('video', null);
      } else {
        if (!tracks.current[kind]) {
          const track = await openTrack(kind);
          if (track && room.getSnapshot().state !== 'closed') await send(kind, track);
          else if (track) track.stop();
          else toast.bad(kind === 'audio' ? t.noMicrophone : t.noCamera);
        }
        set(tracks.current[kind] !== null);
      }
      busy.current[kind] = false;
    },
    [room, send, t],
  );

  return {
    snapshot,
    picture,
    toggle: useCallback((kind: Kind) => void toggle(kind), [toggle]),
    leave: useCallback(() => room.leave(), [room]),
    watch: room.watch,
  };
}

async function openTrack(kind: Kind): Promise<MediaStreamTrack | null> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia(
      kind === 'audio'
        ? { audio: { echoCancellation: true, noiseSuppression: true } }
        : { video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { max: 30 } } },
    );
    return stream.getTracks()[0] ?? null;
  } catch {
    return null;
  }
}
