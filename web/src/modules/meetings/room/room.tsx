import { Text } from '@mantine/core';
import {
  Headphones,
  Mic,
  MicOff,
  PanelRight,
  PhoneOff,
  Users,
  Video,
  VideoOff,
} from 'lucide-react';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { useTexts } from '#platform/languages';
import type { Quality, RoomState } from '#platform/media/room-client';
import { LogoMark } from '#platform/shell';
import { recordingTexts } from '../recordings/texts';
import { meetingTexts } from '../texts';
import './room.css';
import type { Person, Watch } from './tile';
import { VideoGrid } from './video-grid';

const LeaveDialog = lazy(() => import('./leave-dialog'));

const STATE_TONES = {
  connecting: 'warn',
  connected: 'good',
  reconnecting: 'warn',
  closed: 'bad',
} as const;
const QUALITY_TONES = { good: 'good', fair: 'warn', poor: 'bad' } as const;

/** The room: video, controls, and beside it the panel of the proceedings. */
export function Room(props: {
  title: string;
  people: readonly Person[];
  state: RoomState;
  quality: Quality;
  microphone: boolean;
  camera: boolean;
  onMicrophone: () => void;
  onCamera: () => void;
  /** Whether the others are seen, or only heard. */
  pictures: boolean;
  onPictures: () => void;
  onLeave: () => void;
  watch: Watch;
  /** Whether the session is broadcast, which everybody in it has to know. */
  onAir: boolean;
  /** Whether it is recorded, which everybody has to know as well. */
  recorded: boolean;
  panel: ReactNode;
}) {
  const t = useTexts(meetingTexts);
  const recording = useTexts(recordingTexts);
  /** How often it was asked whether to leave. */
  const [asked, setAsked] = useState(0);
  const [panel, setPanel] = useState(true);
  const { onMicrophone, onCamera } = props;

  useEffect(() => {
    document.title = `${props.title} · Plenum`;
  }, [props.title]);

  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof HTMLElement && event.target.closest('input, textarea, select')) {
        return;
      }
      // By position, so that the Russian layout works too.
      if (event.code === 'KeyM') onMicrophone();
      if (event.code === 'KeyV') onCamera();
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [onMicrophone, onCamera]);

  const connected = props.state === 'connected';
  const stateText = connected ? t.quality[props.quality] : t.connection[props.state];
  const tone = connected ? QUALITY_TONES[props.quality] : STATE_TONES[props.state];

  return (
    <div className="room" data-panel={panel} data-testid="room" data-state={props.state}>
      <header className="room-head">
        <LogoMark size={28} />
        <Text component="h1" fz="md" fw={600} m={0} className="room-title truncate">
          {props.title}
        </Text>
        {props.onAir && (
          <span className="room-air" role="status">
            {t.onAir}
          </span>
        )}
        {props.recorded && (
          <span className="room-rec" role="status">
            {recording.mark}
          </span>
        )}
        <Text size="sm" className="only-desktop">
          {t.participants(props.people.length)}
        </Text>
        <span className="room-state" role="status" data-tone={tone}>
          {stateText}
        </span>
      </header>
      <main className="room-stage" id="main">
        {props.state === 'reconnecting' && (
          <div className="room-banner" role="alert">
            {t.connection.reconnecting}
          </div>
        )}
        {connected && props.people.length === 1 && (
          <div className="room-banner" data-tone="neutral">
            {t.alone}
          </div>
        )}
        <VideoGrid people={props.people} watch={props.watch} />
      </main>
      <div className="room-controls" role="toolbar" aria-label={t.shortcuts}>
        <button
          type="button"
          className="room-button"
          aria-label={t.muteTitle(props.microphone)}
          aria-keyshortcuts="m"
          title={`${t.muteTitle(props.microphone)} (M)`}
          data-off={!props.microphone}
          onClick={props.onMicrophone}
        >
          {props.microphone ? <Mic size={21} aria-hidden /> : <MicOff size={21} aria-hidden />}
          {t.mic}
        </button>
        <button
          type="button"
          className="room-button"
          aria-label={t.cameraTitle(props.camera)}
          aria-keyshortcuts="v"
          title={`${t.cameraTitle(props.camera)} (V)`}
          data-off={!props.camera}
          onClick={props.onCamera}
        >
          {props.camera ? <Video size={21} aria-hidden /> : <VideoOff size={21} aria-hidden />}
          {t.camera}
        </button>
        <button
          type="button"
          className="room-button"
          aria-label={t.picturesTitle(props.pictures)}
          title={t.picturesTitle(props.pictures)}
          data-off={!props.pictures}
          onClick={props.onPictures}
        >
          {props.pictures ? <Users size={21} aria-hidden /> : <Headphones size={21} aria-hidden />}
          {t.pictures}
        </button>
        <button
          type="button"
          className="room-button"
          aria-expanded={panel}
          aria-label={panel ? t.hidePanel : t.showPanel}
          onClick={() => setPanel((before) => !before)}
        >
          <PanelRight size={21} aria-hidden />
          {t.panelShort}
        </button>
        <button
          type="button"
          className="room-button"
          data-danger
          onClick={() => setAsked((before) => before + 1)}
        >
          <PhoneOff size={21} aria-hidden />
          {t.leave}
        </button>
      </div>
      <aside className="room-panel" aria-label={t.panel} hidden={!panel}>
        {props.panel}
      </aside>
      {asked > 0 && (
        <Suspense fallback={null}>
          <LeaveDialog key={asked} onLeave={props.onLeave} />
        </Suspense>
      )}
    </div>
  );
}
