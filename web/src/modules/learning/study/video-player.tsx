import { Button, Group, NativeSelect, Text } from '@mantine/core';
import { RotateCcw } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Note } from '#platform/design';
import { useTexts } from '#platform/languages';
import { clockFace } from '../quiz/clock';
import { studyTexts } from './texts';
import { resumeAt, SPEEDS, stepSpeed, worthTelling } from './watching';

const SPEED_KEY = 'plenum.video-speed';

/** A film: the browser's own player, taken up where it was left. */
export default function VideoPlayer(props: {
  title: string;
  url: string;
  /** Where it was left, seconds. */
  position: number;
  /** Tells where the film is now; `leaving` when the page may be gone before an answer. */
  onPosition: (seconds: number, leaving: boolean) => void;
  onEnded: () => void;
  /** A fresh link to the film: links live for minutes, films may be watched for hours. */
  freshUrl: () => Promise<string | null>;
}) {
  const t = useTexts(studyTexts);
  const video = useRef<HTMLVideoElement>(null);
  const [source, setSource] = useState(props.url);
  const [speed, setSpeed] = useState(rememberedSpeed);
  const [resumed, setResumed] = useState<number | null>(null);
  const [broken, setBroken] = useState(false);
  const told = useRef(props.position);
  const goOn = useRef<{ at: number; playing: boolean }>({ at: props.position, playing: false });
  const renewing = useRef(false);
  /** The link whose film has been taken up: it is taken up once. */
  const taken = useRef<string | null>(null);
  const { onPosition, freshUrl } = props;

  const tell = useCallback(
    (leaving: boolean) => {
      const element = video.current;
      // Nothing is known before the film has been opened: a zero would overwrite the place.
      if (!element || element.readyState === 0 || renewing.current) return;
      const now = Math.floor(element.currentTime);
      if (now === told.current) return;
      told.current = now;
      onPosition(now, leaving);
    },
    [onPosition],
  );

  useEffect(() => {
    const leave = () => tell(true);
    const hide = () => document.visibilityState === 'hidden' && tell(true);
    window.addEventListener('pagehide', leave);
    document.addEventListener('visibilitychange', hide);
    return () => {
      window.removeEventListener('pagehide', leave);
      document.removeEventListener('visibilitychange', hide);
    };
  }, [tell]);

  useEffect(() => {
    const element = video.current;
    // Leaving for another lesson: React has taken the element away before the page knows.
    return () => {
      if (!element || element.readyState === 0) return;
      const now = Math.floor(element.currentTime);
      if (now !== told.current) onPosition(now, true);
    };
  }, [onPosition]);

  useEffect(() => {
    if (video.current) video.current.playbackRate = speed;
  }, [speed]);

  function changeSpeed(next: number) {
    setSpeed(next);
    try {
      localStorage.setItem(SPEED_KEY, String(next));
    } catch {
      // Without storage the speed lasts for this film.
    }
  }

  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      const element = video.current;
      if (!element || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof HTMLElement && event.target.closest('input, textarea, select')) {
        return;
      }
      // By position, so that the Russian layout works too.
      if (event.code === 'KeyK') void (element.paused ? element.play() : element.pause());
      else if (event.code === 'KeyJ') element.currentTime -= 10;
      else if (event.code === 'KeyL') element.currentTime += 10;
      else if (event.code === 'Comma') changeSpeed(stepSpeed(element.playbackRate, -1));
      else if (event.code === 'Period') changeSpeed(stepSpeed(element.playbackRate, 1));
      else return;
      event.preventDefault();
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });

  function opened() {
    const element = video.current;
    if (!element || taken.current === source) return;
    taken.current = source;
    element.playbackRate = speed;
    setBroken(false);
    const { at, playing } = goOn.current;
    if (renewing.current) {
      renewing.current = false;
      element.currentTime = at;
      if (playing) void element.play();
      return;
    }
    const place = resumeAt(at, element.duration);
    if (place !== null) {
      element.currentTime = place;
      setResumed(place);
    }
  }

  async function failed() {
    const element = video.current;
    if (!element || renewing.current) {
      renewing.current = false;
      setBroken(true);
      return;
    }
    renewing.current = true;
    goOn.current = {
      at: element.currentTime || goOn.current.at,
      playing: element.readyState > 0 && !element.paused,
    };
    const url = await freshUrl();
    if (url) setSource(url);
    else {
      renewing.current = false;
      setBroken(true);
    }
  }

  // React makes the element before it shows it, and drops what happens to it until then: a film that
  // was quick to open, or to fail, has done so unheard.
  const catchUp = useRef(() => {});
  catchUp.current = () => {
    if (video.current?.error) void failed();
    else if (video.current && video.current.readyState > 0) opened();
  };
  useEffect(() => catchUp.current(), []);

  return (
    <div>
      {/* biome-ignore lint/a11y/useMediaCaption: lessons have no captions to give. */}
      <video
        ref={video}
        className="study-video"
        src={source}
        controls
        playsInline
        preload="metadata"
        aria-label={props.title}
        onLoadedMetadata={opened}
        onTimeUpdate={(event) => {
          if (worthTelling(told.current, event.currentTarget.currentTime)) tell(false);
        }}
        onPause={() => tell(false)}
        onEnded={() => {
          tell(false);
          props.onEnded();
        }}
        onError={() => void failed()}
      />
      <Group justify="space-between" mt="sm" gap="sm">
        <Group gap="xs">
          <NativeSelect
            size="xs"
            aria-label={t.speed}
            value={String(speed)}
            onChange={(event) => changeSpeed(Number(event.currentTarget.value))}
          >
            {SPEEDS.map((one) => (
              <option key={one} value={one}>
                {t.speedOf(one)}
              </option>
            ))}
          </NativeSelect>
        </Group>
        {resumed !== null && (
          <Group gap="xs" role="status">
            <Text size="sm">{t.resumedAt(clockFace(resumed))}</Text>
            <Button
              size="compact-sm"
              variant="subtle"
              leftSection={<RotateCcw size={14} aria-hidden />}
              onClick={() => {
                if (video.current) video.current.currentTime = 0;
                setResumed(null);
              }}
            >
              {t.fromStart}
            </Button>
          </Group>
        )}
      </Group>
      <Text size="xs" c="dimmed" mt={6} className="only-desktop">
        {t.videoKeys}
      </Text>
      {broken && (
        <div style={{ marginTop: 12 }}>
          <Note tone="bad" title={t.videoBroken}>
            {t.videoBrokenText}
          </Note>
        </div>
      )}
    </div>
  );
}

function rememberedSpeed(): number {
  try {
    const kept = Number(localStorage.getItem(SPEED_KEY));
    return SPEEDS.find((speed) => speed === kept) ?? 1;
  } catch {
    return 1;
  }
}
