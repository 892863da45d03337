import { lazy, type ReactNode, Suspense, useEffect, useMemo } from 'react';
import type { RoomCloseReason } from '#platform/media/room-client';
import type { DeviceChoice } from '../check/choice';
import { useRecordingNotices } from '../recordings/use-recording-notices';
import { useRecordings } from '../recordings/use-recordings';
import type { Admission } from './admission';
import { Room } from './room';
import type { Person } from './tile';
import { useBroadcast } from './use-broadcast';
import { useMedia } from './use-media';

// For those who may broadcast or record only.
const BroadcastPanel = lazy(() => import('./broadcast-panel'));
const RecordingPanel = lazy(() => import('./recording-panel'));

/** The room while one is in it. Being mounted is being in the room. */
export default function JoinedRoom(props: {
  session: string;
  admission: Admission;
  choice: DeviceChoice;
  /** The viewer's own name and organization. */
  viewer: { name: string; organization: string | null };
  title: string;
  panel: ReactNode;
  onClosed: (reason: RoomCloseReason) => void;
}) {
  const { viewer, onClosed } = props;
  const media = useMedia(props.session, props.admission, props.choice);
  const { snapshot, picture } = media;
  const broadcast = useBroadcast(props.session);
  const recordings = useRecordings(props.session);
  useRecordingNotices(recordings.recordings);
  const { state, reason } = snapshot;

  useEffect(() => {
    if (state === 'closed' && reason) onClosed(reason);
  }, [state, reason, onClosed]);

  const people = useMemo<Person[]>(
    () => [
      ...snapshot.participants.map((other) => ({
        id: other.id,
        name: other.name,
        organization: other.label || null,
        stream: other.stream,
        video: other.camera && snapshot.pictures,
        audio: other.microphone,
        speaking: other.speaking,
        held: other.held,
        self: false,
      })),
      {
        id: snapshot.self ?? 'self',
        ...viewer,
        stream: picture,
        video: snapshot.camera,
        audio: snapshot.microphone,
        speaking: snapshot.speaking,
        held: false,
        self: true,
      },
    ],
    [snapshot, picture, viewer],
  );

  return (
    <Room
      title={props.title}
      people={people}
      state={state}
      quality={snapshot.quality}
      microphone={snapshot.microphone}
      camera={snapshot.camera}
      onMicrophone={media.toggleMicrophone}
      onCamera={media.toggleCamera}
      pictures={snapshot.pictures}
      onPictures={media.togglePictures}
      onLeave={media.leave}
      watch={media.watch}
      onAir={broadcast.broadcast?.isOn ?? false}
      recorded={recordings.recordings?.recordingSince != null}
      panel={
        <>
          {broadcast.broadcast?.canManage && (
            <Suspense fallback={null}>
              <BroadcastPanel of={broadcast} />
            </Suspense>
          )}
          {recordings.recordings?.canManage && (
            <Suspense fallback={null}>
              <RecordingPanel session={props.session} of={recordings} />
            </Suspense>
          )}
          {props.panel}
        </>
      }
    />
  );
}
