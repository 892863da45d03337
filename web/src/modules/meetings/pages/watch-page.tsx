import { Text, Title } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { CalendarClock, CircleX, FileCheck, Maximize, Volume2, VolumeX } from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { clientFor, type Failure, type ResultOf, readFailure } from '#platform/client';
import { EmptyState, FailureState, ListSkeleton } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { type PlayerState, watchStage } from '#platform/media/player';
import { EntryFrame } from '#platform/shell';
import { BroadcastQuery } from '../documents';
import { meetingTexts } from '../texts';
import '../room/room.css';

type Offer = NonNullable<ResultOf<typeof BroadcastQuery>['broadcast']>;

/** While nothing is shown it is looked again this often. */
const LOOK_MS = 10_000;
/** What was lost is tried again after so long. */
const AGAIN_MS = 2_000;

/** The broadcast of a session: for anyone who holds its link, signed in or not. */
export default function WatchPage() {
  const t = useTexts(meetingTexts);
  const format = useFormat();
  const { organization, key } = useParams({ from: '/watch/$organization/$key' });
  const [offer, setOffer] = useState<Offer | null | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | null>(null);

  const look = useCallback(async () => {
    const answer = await clientFor(null)
      .query(BroadcastQuery, { organization, key }, { requestPolicy: 'network-only' })
      .toPromise();
    setFailure(answer.error ? readFailure(answer.error) : null);
    if (answer.data) setOffer(answer.data.broadcast);
  }, [organization, key]);

  const isOn = offer?.state === 'ON';
  useEffect(() => void look(), [look]);
  useEffect(() => {
    if (isOn) return;
    const timer = setInterval(() => void look(), LOOK_MS);
    return () => clearInterval(timer);
  }, [look, isOn]);

  return (
    <EntryFrame title={offer?.title ?? t.watchTitle}>
      <div className="watch" data-testid="watch" data-state={offer?.state ?? 'none'}>
        {failure && !offer && <FailureState failure={failure} onRetry={() => void look()} />}
        {offer === undefined && !failure && <ListSkeleton rows={6} />}
        {offer === null && <Said icon={CircleX} title={t.watchUnknown} text={t.watchUnknownText} />}
        {offer && (
          <header className="watch-head">
            <Title order={1} size="h3">
              {offer.title}
            </Title>
            <Text c="dimmed">
              {offer.body} · {offer.organization}
            </Text>
          </header>
        )}
        {offer?.state === 'OFF' && (
          <Said
            icon={CalendarClock}
            title={t.watchOff}
            text={t.watchOffText(format.dateTime(offer.startsAt))}
          />
        )}
        {offer?.state === 'OVER' && (
          <Said icon={FileCheck} title={t.watchOver} text={t.watchOverText} />
        )}
        {offer?.state === 'ON' && offer.token && (
          <Stage
            key={offer.token}
            endpoint={offer.endpoint}
            token={offer.token}
            onLost={() => void look()}
          />
        )}
      </div>
    </EntryFrame>
  );
}

function Said(props: { icon: typeof CircleX; title: string; text: ReactNode }) {
  return (
    <div className="card" role="status">
      <EmptyState icon={props.icon} title={props.title} text={props.text} />
    </div>
  );
}

/** The picture and the sound of whoever is on stage. */
function Stage(props: { endpoint: string; token: string; onLost: () => void }) {
  const t = useTexts(meetingTexts);
  const { endpoint, token, onLost } = props;
  const frame = useRef<HTMLElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<PlayerState>('connecting');
  const [muted, setMuted] = useState(false);
  const [seen, setSeen] = useState(false);

  useEffect(() => {
    const element = video.current;
    const player = watchStage({ endpoint, token }, setState);
    if (element) {
      element.srcObject = player.stream;
      // A page may sound by itself only where its reader has allowed that.
      element.play().catch(() => {
        element.muted = true;
        setMuted(true);
        void element.play().catch(() => {});
      });
    }
    return () => player.stop();
  }, [endpoint, token]);

  useEffect(() => {
    if (state !== 'lost') return;
    const timer = setTimeout(onLost, AGAIN_MS);
    return () => clearTimeout(timer);
  }, [state, onLost]);

  function toggle() {
    if (!video.current) return;
    video.current.muted = !muted;
    void video.current.play().catch(() => {});
    setMuted(!muted);
  }

  const told = { connecting: t.watchConnecting, lost: t.watchLost, playing: t.watchSilent }[state];
  return (
    <section className="watch-stage" ref={frame} aria-label={t.watchTitle} data-player={state}>
      {/* biome-ignore lint/a11y/useMediaCaption: nobody captions a live session. */}
      <video ref={video} autoPlay playsInline onPlaying={() => setSeen(true)} />
      {(state !== 'playing' || !seen) && (
        <p className="watch-said" role="status">
          {told}
        </p>
      )}
      <div className="watch-controls">
        <button
          type="button"
          className="watch-button"
          aria-label={muted ? t.unmute : t.mute}
          onClick={toggle}
          data-loud={muted}
        >
          {muted ? <VolumeX size={20} aria-hidden /> : <Volume2 size={20} aria-hidden />}
          <span>{muted ? t.unmute : t.mute}</span>
        </button>
        <button
          type="button"
          className="watch-button"
          aria-label={t.fullScreen}
          onClick={() => void frame.current?.requestFullscreen?.().catch(() => {})}
        >
          <Maximize size={20} aria-hidden />
          <span>{t.fullScreen}</span>
        </button>
      </div>
    </section>
  );
}
