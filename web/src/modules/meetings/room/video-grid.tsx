import { useElementSize } from '@mantine/hooks';
import { useTexts } from '#platform/languages';
import { meetingTexts } from '../texts';
import { grid } from './grid';
import { type Person, Tile, type Watch } from './tile';

const GAP = 8;

/** Everyone in tiles as large as fit; the viewer last. */
export function VideoGrid(props: { people: readonly Person[]; watch: Watch }) {
  const t = useTexts(meetingTexts);
  const { ref, width, height } = useElementSize();
  const { tileWidth } = grid(props.people.length, width, height, GAP);
  // Tiles below this size show nothing: the grid scrolls instead.
  const tile = width > 0 ? Math.max(tileWidth, Math.min(160, width)) : 0;
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: on a phone the grid scrolls, also by keyboard.
      tabIndex={0}
      className="video-grid"
      ref={ref}
      aria-label={t.video}
      style={{ gap: GAP }}
    >
      {props.people.map((person) => (
        <Tile key={person.id} person={person} width={tile} watch={props.watch} />
      ))}
    </section>
  );
}
