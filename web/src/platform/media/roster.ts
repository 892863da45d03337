import type { MediaState, ParticipantView, SeatView, ServerMessage } from './protocol';

/** Somebody else in the room. */
export type Participant = {
  id: string;
  name: string;
  /** The organization. */
  label: string;
  microphone: boolean;
  camera: boolean;
  /** Whether the picture is left out, because our connection is too weak for it. */
  held: boolean;
  /** Voice and picture together; `null` until they are arranged. */
  stream: MediaStream | null;
  speaking: boolean;
};

/** Who is in the room, in the order in which they came. */
export type Roster = readonly Participant[];

/** What a message of the server makes of the roster. Returns the same object if nothing changed. */
export function follow(roster: Roster, message: ServerMessage): Roster {
  switch (message.type) {
    case 'welcome': {
      const present = message.participants.map((view) => merge(find(roster, view), view));
      return present;
    }
    case 'participant_joined': {
      const known = find(roster, message.participant);
      const joined = merge(known, message.participant);
      // Somebody who connects anew keeps their place.
      return known
        ? roster.map((other) => (other === known ? joined : other))
        : [...roster, joined];
    }
    case 'participant_left':
      return roster.filter((other) => other.id !== message.participant);
    case 'media_changed':
      return roster.map((other) =>
        other.id === message.participant ? { ...other, ...switches(message.media) } : other,
      );
    default:
      return roster;
  }
}

/** Gives each participant the stream of their seat. */
export function arrange(
  roster: Roster,
  seats: readonly SeatView[],
  streamOf: (seat: SeatView) => MediaStream | null,
): Roster {
  const taken = new Map(
    seats.flatMap((seat) => (seat.participant ? [[seat.participant, seat]] : [])),
  );
  return update(roster, (other) => {
    const seat = taken.get(other.id);
    return {
      stream: seat ? streamOf(seat) : null,
      held: seat?.held?.includes('camera') ?? false,
    };
  });
}

/** Marks those who speak. */
export function mark(roster: Roster, speaking: ReadonlySet<string>): Roster {
  return update(roster, (other) => ({ speaking: other.microphone && speaking.has(other.id) }));
}

function update(roster: Roster, change: (one: Participant) => Partial<Participant>): Roster {
  let changed = false;
  const next = roster.map((one) => {
    const fields = change(one);
    if ((Object.keys(fields) as (keyof Participant)[]).every((key) => one[key] === fields[key])) {
      return one;
    }
    changed = true;
    return { ...one, ...fields };
  });
  return changed ? next : roster;
}

function find(roster: Roster, view: ParticipantView): Participant | undefined {
  return roster.find((other) => other.id === view.participant);
}

function merge(known: Participant | undefined, view: ParticipantView): Participant {
  return {
    id: view.participant,
    name: view.name,
    label: view.label,
    ...switches(view.media),
    stream: known?.stream ?? null,
    held: known?.held ?? false,
    speaking: false,
  };
}

function switches(media: MediaState) {
  return { microphone: media.microphone, camera: media.camera };
}
