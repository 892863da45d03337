import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useClient } from 'urql';
import { isPassing } from '#platform/client';
import { toast } from '#platform/design';
import { useTexts } from '#platform/languages';
import {
  AccessRefused,
  type Pass,
  RoomClient,
  type RoomSnapshot,
} from '#platform/media/room-client';
import type { DeviceChoice } from '../check/choice';
import { deviceProblem } from '../check/problem';
import { openTrack } from '../check/tracks';
import { meetingTexts } from '../texts';
import { type Admission, askAdmission } from './admission';

type Kind = 'audio' | 'video';

/** The room's media while a page is open: connection, own devices, switches. */
export type Media = {
  snapshot: RoomSnapshot;
  /** The own picture; null while the camera is off. */
  picture: MediaStream | null;
  toggleMicrophone: () => void;
  toggleCamera: () => void;
  /** Sees the others, or only hears them. */
  togglePictures: () => void;
  leave: () => void;
  /** Tells where somebody's picture is shown. */
  watch: RoomClient['watch'];
};

/**
 * Joins with the devices chosen before. A camera that is switched off is released, so that its
 * light goes out; a microphone stays open and is muted, so that unmuting takes no time.
 */
export function useMedia(session: string, admission: Admission, choice: DeviceChoice): Media {
  const t = useTexts(meetingTexts);
  const client = useClient();
  const [room] = useState(() => new RoomClient());
  const [picture, setPicture] = useState<MediaStream | null>(null);
  const tracks = useRef<Record<Kind, MediaStreamTrack | null>>({ audio: null, video: null });
  const busy = useRef<Record<Kind, boolean>>({ audio: false, video: false });
  const snapshot = useSyncExternalStore(room.subscribe, room.getSnapshot);

  const send = useCallback(
    async (kind: Kind, track: MediaStreamTrack | null) => {
      tracks.current[kind]?.stop();
      tracks.current[kind] = track;
      if (kind === 'video') setPicture(track && new MediaStream([track]));
      await room.replaceTrack(kind, track);
    },
    [room],
  );

  const open = useCallback(
    async (kind: Kind, stillWanted: () => boolean) => {
      const device = kind === 'audio' ? choice.microphoneId : choice.cameraId;
      try {
        const track = await openTrack(kind, device);
        if (!stillWanted()) {
          track.stop();
          return;
        }
        track.addEventListener('ended', () => {
          if (tracks.current[kind] !== track) return;
          toast.bad(t.deviceLost);
          void send(kind, null);
        });
        await send(kind, track);
      } catch (error) {
        toast.bad(t.problems[deviceProblem(error)]);
      }
    },
    [choice, send, t],
  );

  // The room is joined once per mount; later changes of the wording or of callbacks join nothing.
  const start = useRef({ admission, choice, open });
  useEffect(() => {
    const first = start.current;
    let here = true;
    let pass: Pass | null = first.admission;
    room.setMicrophone(first.choice.microphone);
    room.setCamera(first.choice.camera);
    room.connect({
      url: first.admission.url,
      pass: async () => {
        // The first pass is at hand; a reconnection needs a fresh one.
        const kept = pass;
        pass = null;
        if (kept) return kept;
        const outcome = await askAdmission(client, session);
        if ('admission' in outcome) return outcome.admission;
        const lasting = outcome.refused === 'closed' || !isPassing(outcome.failure);
        if (lasting) throw new AccessRefused('no admission');
        throw new Error('could not ask for admission');
      },
    });
    if (first.choice.microphone) void first.open('audio', () => here);
    if (first.choice.camera) void first.open('video', () => here);
    const held = tracks.current;
    return () => {
      here = false;
      room.leave();
      for (const kind of ['audio', 'video'] as const) {
        held[kind]?.stop();
        held[kind] = null;
      }
    };
  }, [room, client, session]);

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
        if (kind === 'video') await send('video', null);
      } else {
        if (!tracks.current[kind]) {
          await open(kind, () => room.getSnapshot().state !== 'closed');
        }
        set(tracks.current[kind] !== null);
      }
      busy.current[kind] = false;
    },
    [open, room, send],
  );

  return {
    snapshot,
    picture,
    toggleMicrophone: useCallback(() => void toggle('audio'), [toggle]),
    toggleCamera: useCallback(() => void toggle('video'), [toggle]),
    togglePictures: useCallback(() => room.setPictures(!room.getSnapshot().pictures), [room]),
    leave: useCallback(() => room.leave(), [room]),
    watch: room.watch,
  };
}
