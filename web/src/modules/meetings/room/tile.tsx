import { MicOff } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTexts } from '#platform/languages';
import { meetingTexts } from '../texts';

/** What a tile shows of one person. */
export type Person = {
  id: string;
  name: string;
  organization: string | null;
  stream: MediaStream | null;
  video: boolean;
  audio: boolean;
  speaking: boolean;
  /** Whether the picture is left out, because the viewer's connection is too weak for it. */
  held: boolean;
  self: boolean;
};

/** Tells where somebody's picture is shown; call what it returns when it no longer is. */
export type Watch = (participant: string, element: Element) => () => void;

/** One person in the grid: picture or initials, name, organization, microphone. */
export function Tile(props: { person: Person; width: number; watch: Watch }) {
  const t = useTexts(meetingTexts);
  const { person, watch } = props;
  const { id, self } = person;
  const visible = person.video && !person.held;
  const video = useRef<HTMLVideoElement>(null);

  useEffect(() => {
    const element = video.current;
    if (!element || element.srcObject === person.stream) return;
    element.srcObject = person.stream;
    // Autoplay may be refused until the page was clicked; joining was a click.
    if (person.stream) void element.play().catch(() => {});
  }, [person.stream]);

  useEffect(() => {
    const element = video.current;
    return element && !self ? watch(id, element) : undefined;
  }, [id, self, watch]);

  const label = [
    person.self ? `${person.name} (${t.you})` : person.name,
    person.organization,
    !person.audio && t.muted,
    person.speaking && t.speaking,
    person.held && t.held,
  ];
  return (
    <figure
      className="tile"
      style={{ width: props.width || undefined }}
      data-testid="tile"
      data-participant={person.id}
      data-self={person.self}
      data-video={person.video}
      data-audio={person.audio}
      data-speaking={person.speaking}
      data-held={person.held}
      aria-label={label.filter(Boolean).join(', ')}
    >
      <video
        ref={video}
        autoPlay
        playsInline
        muted={person.self}
        className="tile-video"
        data-mirrored={person.self}
        style={{ visibility: visible ? 'visible' : 'hidden' }}
      />
      {!visible && (
        <span className="tile-initials" aria-hidden>
          {initials(person.name)}
        </span>
      )}
      {person.video && person.held && (
        <span className="tile-held" aria-hidden>
          {t.held}
        </span>
      )}
      <figcaption className="tile-name" aria-hidden>
        {!person.audio && <MicOff size={15} />}
        <span className="truncate">
          {person.name}
          {person.self && ` (${t.you})`}
        </span>
        {person.organization && (
          <span className="tile-organization truncate">{person.organization}</span>
        )}
      </figcaption>
    </figure>
  );
}

function initials(name: string): string {
  return name
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, 2)
    .map((word) => word.charAt(0))
    .join('');
}
