import { BookOpen, Building2, Landmark, Users } from 'lucide-react';
import type { Channel } from '../documents';

const ICONS = { BODY: Landmark, UNIT: Building2, COURSE: BookOpen, GROUP: Users };

/** The first letters of surname and given name. */
export function initials(name: string): string {
  return name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word.charAt(0))
    .join('')
    .toUpperCase();
}

/** One of six tones, always the same for one person. */
function tone(id: string): number {
  let sum = 0;
  for (const letter of id.slice(-8)) sum += letter.charCodeAt(0);
  return sum % 6;
}

/** A person as a circle with initials; beside it the name is always written too. */
export function PersonAvatar(props: { id: string; name: string; small?: boolean }) {
  return (
    <span className="chat-avatar" data-tone={tone(props.id)} data-small={props.small} aria-hidden>
      {initials(props.name)}
    </span>
  );
}

/** A channel as a circle: the other person, or what it belongs to. */
export function ChannelAvatar(props: { channel: Pick<Channel, 'kind' | 'colleague'> }) {
  const { kind, colleague } = props.channel;
  if (kind === 'DIRECT')
    return <PersonAvatar id={colleague?.id ?? ''} name={colleague?.name ?? ''} />;
  const Icon = ICONS[kind];
  return (
    <span className="chat-avatar" aria-hidden>
      <Icon size={20} strokeWidth={1.8} />
    </span>
  );
}
