import { Link } from '@tanstack/react-router';
import { AtSign, BellOff, MessagesSquare } from 'lucide-react';
import { EmptyState, FailureState, ListSkeleton } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import type { Channel } from '../documents';
import type { useChannels } from '../state/use-channels';
import { chatTexts } from '../texts';
import { ChannelAvatar } from './avatar';
import { sameDay } from './days';

/** The reader's chats, those with the latest words first. */
export function ChannelList(props: {
  list: ReturnType<typeof useChannels>;
  current: string | null;
}) {
  const t = useTexts(chatTexts);
  const { channels, failure, loading, retry } = props.list;
  if (failure) {
    return (
      <div className="card-padded">
        <FailureState failure={failure} onRetry={retry} />
      </div>
    );
  }
  if (loading) return <ListSkeleton rows={8} height={44} />;
  if (channels.length === 0) {
    return <EmptyState icon={MessagesSquare} title={t.chatsEmptyTitle} text={t.chatsEmptyText} />;
  }
  return (
    <ul className="chat-list" aria-label={t.chats}>
      {channels.map((channel) => (
        <li key={channel.id}>
          <ChannelRow channel={channel} current={channel.id === props.current} />
        </li>
      ))}
    </ul>
  );
}

function ChannelRow(props: { channel: Channel; current: boolean }) {
  const t = useTexts(chatTexts);
  const format = useFormat();
  const { tenant } = useTenancy();
  const { channel } = props;
  const now = new Date();
  const at = sameDay(new Date(channel.lastAt), now)
    ? format.time(channel.lastAt)
    : format.dayMonth(channel.lastAt);
  return (
    <Link
      {...links.channel(tenant.slug, channel.id)}
      className="chat-list-row"
      aria-current={props.current ? 'true' : undefined}
    >
      <ChannelAvatar channel={channel} />
      <span className="chat-list-main">
        <span className="chat-list-line">
          <span className="chat-list-name truncate">{channel.name}</span>
          {channel.muted && <BellOff size={14} aria-label={t.muted} />}
          <span className="chat-list-time tabular">{at}</span>
        </span>
        <span className="chat-list-line">
          <span className="chat-list-last truncate">
            <LastWords channel={channel} />
          </span>
          {channel.mentions > 0 && (
            <span className="chat-count" data-mention>
              <AtSign size={13} aria-label={t.mentioned} />
            </span>
          )}
          {channel.unread > 0 && (
            <span className="chat-count tabular" data-muted={channel.muted}>
              <span aria-hidden>{channel.unread >= 100 ? '99+' : channel.unread}</span>
              <span className="visually-hidden">{t.unread(channel.unread)}</span>
            </span>
          )}
        </span>
      </span>
    </Link>
  );
}

function LastWords({ channel }: { channel: Channel }) {
  const t = useTexts(chatTexts);
  const last = channel.lastMessage;
  if (!last) return t.kinds[channel.kind];
  if (last.kind === 'SESSION') return `${t.sessionCalled}: ${last.text}`;
  const who = last.isMine
    ? `${t.you}: `
    : channel.kind === 'DIRECT' || !last.author
      ? ''
      : `${shortName(last.author.name)}: `;
  if (last.deleted) return `${who}${t.deletedMessage}`;
  return `${who}${last.text || t.files(last.files.length)}`;
}

/** The given name of «Орлова Марина Викторовна»: colleagues call each other so in a list. */
function shortName(name: string): string {
  const [first = '', second] = name.split(/\s+/);
  return second ?? first;
}
