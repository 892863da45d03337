import { Button, Group, Text } from '@mantine/core';
import { Play } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Note } from '#platform/design';
import { useTexts } from '#platform/languages';
import { chapterAt } from './chapters';
import type { Chapter } from './documents';
import { timeCode } from './duration';
import { type Link, worthAnother } from './link';
import { recordingTexts } from './texts';

/** The film of a recording, with the items of the agenda that are in it. It is fetched when somebody wants to see it. */
export function Film(props: {
  title: string;
  chapters: readonly Chapter[];
  /** A path to the film: it is good for minutes, and that it was asked for is recorded. */
  askPath: () => Promise<string | null>;
}) {
  const t = useTexts(recordingTexts);
  const { chapters, askPath } = props;
  const video = useRef<HTMLVideoElement>(null);
  const [link, setLink] = useState<Link | null>(null);
  const [asking, setAsking] = useState(false);
  const [broken, setBroken] = useState(false);
  const [chapter, setChapter] = useState(-1);
  /** Where to go on, and whether by itself, once the film is there; null when it is. */
  const goOn = useRef<{ at: number; playing: boolean } | null>(null);

  async function open(at: number, playing: boolean) {
    goOn.current = { at, playing };
    if (asking) return;
    setAsking(true);
    const path = await askPath();
    setAsking(false);
    setBroken(path === null && link !== null);
    if (path === null) return;
    // Meanwhile another place may have been chosen.
    setLink({ path, givenAtMs: Date.now(), from: goOn.current?.at ?? at });
    // The same path again changes nothing in the page: the film has to be told.
    if (path === link?.path) video.current?.load();
  }

  function opened() {
    const element = video.current;
    if (!element || !goOn.current) return;
    const { at, playing } = goOn.current;
    goOn.current = null;
    element.currentTime = at;
    // A browser that lets nothing play by itself leaves that to its own button.
    if (playing) void element.play().catch(() => {});
  }

  function failed() {
    const element = video.current;
    if (!element || !link) return;
    const at = goOn.current?.at ?? element.currentTime;
    const playing = goOn.current?.playing ?? !element.paused;
    const wasOpen = goOn.current === null;
    goOn.current = { at, playing };
    if (wasOpen && worthAnother(link, at, Date.now())) void open(at, playing);
    else setBroken(true);
  }

  function go(second: number) {
    const element = video.current;
    if (!element || broken) void open(second, true);
    else if (goOn.current) goOn.current = { at: second, playing: true };
    else {
      element.currentTime = second;
      void element.play().catch(() => {});
    }
  }

  // React makes the element before it shows it, and drops what happens to it until then.
  const shown = useRef(() => {});
  shown.current = () => {
    const element = video.current;
    if (element?.error) failed();
    else if (element && element.readyState > 0) opened();
  };
  const isShown = link !== null;
  useEffect(() => {
    if (!isShown) return;
    shown.current();
    // The button that was pressed is gone: the film takes its place. A chapter's button stays.
    if (document.activeElement === document.body) video.current?.focus({ preventScroll: true });
  }, [isShown]);

  return (
    <div className="film" data-chapters={chapters.length > 0}>
      <div>
        <div className="film-stage">
          {link === null ? (
            <Button
              size="md"
              leftSection={<Play size={18} aria-hidden />}
              loading={asking}
              onClick={() => void open(0, true)}
            >
              {t.watch}
            </Button>
          ) : (
            // biome-ignore lint/a11y/useMediaCaption: nobody captions what was said in a session.
            <video
              ref={video}
              data-testid="recording-film"
              src={link.path}
              controls
              playsInline
              preload="metadata"
              aria-label={props.title}
              onLoadedMetadata={opened}
              onTimeUpdate={(event) =>
                setChapter(chapterAt(chapters, event.currentTarget.currentTime))
              }
              onError={failed}
            />
          )}
        </div>
        {broken && (
          <div style={{ marginTop: 12 }}>
            <Note tone="bad" title={t.brokenTitle}>
              <Text size="sm">{t.brokenText}</Text>
              <Group mt="sm">
                <Button
                  size="xs"
                  variant="default"
                  loading={asking}
                  onClick={() => void open(goOn.current?.at ?? 0, true)}
                >
                  {t.again}
                </Button>
              </Group>
            </Note>
          </div>
        )}
      </div>
      {chapters.length > 0 && (
        <section aria-label={t.chapters}>
          <Text component="h3" fz="sm" fw={600} m={0} mb={6}>
            {t.chapters}
          </Text>
          <ol className="film-chapters">
            {chapters.map((one, place) => (
              <li key={`${one.atSeconds} ${one.title}`}>
                <button
                  type="button"
                  className="film-chapter"
                  aria-current={place === chapter ? 'true' : undefined}
                  onClick={() => go(one.atSeconds)}
                >
                  <span className="tabular">{timeCode(one.atSeconds)}</span>
                  <span>{one.title}</span>
                </button>
              </li>
            ))}
          </ol>
        </section>
      )}
    </div>
  );
}
