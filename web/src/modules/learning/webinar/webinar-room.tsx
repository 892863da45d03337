import { Mic, MicOff, PhoneOff, Video, VideoOff } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTexts } from '#platform/languages';
import type { RoomCloseReason } from '#platform/media/room-client';
import { webinarTexts } from './texts';
import { type Admission, useWebinar } from './use-webinar';
import './webinar.css';

/** The webinar inside its lesson. Being mounted is being in the room. */
export default function WebinarRoom(props: {
  admission: Admission;
  readmit: () => Promise<Admission>;
  name: string;
  onClosed: (reason: RoomCloseReason) => void;
}) {
  const t = useTexts(webinarTexts);
  const { snapshot, picture, toggle, leave, watch } = useWebinar(props.admission, props.readmit);
  const { state, reason, participants } = snapshot;
  const { onClosed } = props;

  useEffect(() => {
    if (state === 'closed' && reason) onClosed(reason);
  }, [state, reason, onClosed]);

  const stateText = state === 'connected' ? t.quality[snapshot.quality] : t.connection[state];
  return (
    <section className="webinar" aria-label={t.room} data-testid="webinar" data-state={state}>
      <div className="webinar-head">
        <span>{t.present(participants.length + 1)}</span>
        <span role="status">{stateText}</span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: many people scroll, also by keyboard. */}
      <div className="webinar-grid" data-count={Math.min(participants.length + 1, 4)} tabIndex={0}>
        {participants.map((one) => (
          <Tile
            key={one.id}
            name={one.name}
            stream={one.stream}
            camera={one.camera}
            microphone={one.microphone}
            speaking={one.speaking}
            held={one.held}
            participant={one.id}
            watch={watch}
          />
        ))}
        <Tile
          name={props.name}
          stream={picture}
          camera={snapshot.camera}
          microphone={snapshot.microphone}
          speaking={snapshot.speaking}
          held={false}
          participant={null}
          watch={watch}
        />
      </div>
      <div className="webinar-controls" role="toolbar" aria-label={t.controls}>
        <button
          type="button"
          data-on={snapshot.microphone}
          aria-pressed={snapshot.microphone}
          onClick={() => toggle('audio')}
        >
          {snapshot.microphone ? <Mic size={20} aria-hidden /> : <MicOff size={20} aria-hidden />}
          {t.microphone}
        </button>
        <button
          type="button"
          data-on={snapshot.camera}
          aria-pressed={snapshot.camera}
          onClick={() => toggle('video')}
        >
          {snapshot.camera ? <Video size={20} aria-hidden /> : <VideoOff size={20} aria-hidden />}
          {t.camera}
        </button>
        <button type="button" data-danger onClick={leave}>
          <PhoneOff size={20} aria-hidden />
          {t.leave}
        </button>
      </div>
    </section>
  );
}

function Tile(props: {
  name: string;
  stream: MediaStream | null;
  camera: boolean;
  microphone: boolean;
  speaking: boolean;
  /** Whether the picture is left out, because the viewer's connection is too weak for it. */
  held: boolean;
  /** Whose it is; `null` for the viewer's own. */
  participant: string | null;
  /** Tells where the picture is shown. */
  watch: ReturnType<typeof useWebinar>['watch'];
}) {
  const t = useTexts(webinarTexts);
  const { participant, watch } = props;
  const self = participant === null;
  const visible = props.camera && !props.held;
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (!element || element.srcObject === props.stream) return;
    element.srcObject = props.stream;
    if (props.stream) void element.play().catch(() => {});
  }, [props.stream]);
  useEffect(() => {
    const element = video.current;
    return element && participant ? watch(participant, element) : undefined;
  }, [participant, watch]);
  const label = [
    self ? t.self(props.name) : props.name,
    !props.microphone && t.muted,
    props.speaking && t.speaking,
    props.held && t.held,
  ];
  return (
    <figure
      className="webinar-tile"
      data-speaking={props.speaking}
      aria-label={label.filter(Boolean).join(', ')}
    >
      <video
        ref={video}
        autoPlay
        playsInline
        muted={self}
        style={{ visibility: visible ? 'visible' : 'hidden' }}
        data-mirrored={self}
      />
      {!visible && (
        <span className="webinar-initials" aria-hidden>
          {initials(props.name)}
        </span>
      )}
      {props.camera && props.held && (
        <span className="webinar-held" aria-hidden>
          {t.held}
        </span>
      )}
      <figcaption aria-hidden>
        {!props.microphone && <MicOff size={14} />}
        <span className="truncate">{self ? t.self(props.name) : props.name}</span>
      </figcaption>
    </figure>
  );
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean).slice(0, 2);
  return words.map((word) => word.charAt(0)).join('');
}
