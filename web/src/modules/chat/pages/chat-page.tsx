import { ActionIcon } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { MessageSquarePlus, MessagesSquare, Search } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { EmptyState } from '#platform/design';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { ChannelList } from '../components/channel-list';
import { ConversationView } from '../components/conversation-view';
import { SearchPanel } from '../components/search-panel';
import { useChannels } from '../state/use-channels';
import { chatTexts } from '../texts';
import './chat.css';

const NewChatDialog = lazy(() => import('../components/new-chat-dialog'));

/** All chats of the reader: the list, and beside it the open one. On a phone one after the other. */
export default function ChatPage(props: {
  channel: string | null;
  message: number | null;
  compose: boolean;
}) {
  const t = useTexts(chatTexts);
  const { tenant } = useTenancy();
  const navigate = useNavigate();
  const list = useChannels();
  const [searching, setSearching] = useState(false);
  // Once loaded it stays, so that it can close softly.
  const [asked, setAsked] = useState(props.compose);
  if (props.compose && !asked) setAsked(true);
  const { channel } = props;

  useEffect(() => {
    document.title = `${t.chats} · Plenum`;
  }, [t]);

  // What was found is looked at: on a phone the panel would cover it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: at every step to another place.
  useEffect(() => {
    if (window.matchMedia('(max-width: 800px)').matches) setSearching(false);
  }, [channel, props.message]);

  return (
    <div className="chat" data-open={channel !== null} data-searching={searching}>
      <aside className="chat-side" aria-label={t.chats}>
        <div className="chat-side-head">
          <h1>{t.chats}</h1>
          <ActionIcon
            variant="subtle"
            color="gray"
            c="inherit"
            size={40}
            aria-label={t.search}
            title={t.search}
            onClick={() => setSearching(true)}
          >
            <Search size={19} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="light"
            size={40}
            aria-label={t.newChat}
            title={t.newChat}
            onClick={() => void navigate(links.chat(tenant.slug, { compose: true }))}
          >
            <MessageSquarePlus size={20} aria-hidden />
          </ActionIcon>
        </div>
        <ChannelList list={list} current={channel} />
      </aside>
      <div className="chat-main">
        {channel === null ? (
          <EmptyState icon={MessagesSquare} title={t.chooseTitle} text={t.chooseText} />
        ) : (
          <ConversationView
            key={channel}
            id={channel}
            goTo={props.message}
            onSearch={() => setSearching(true)}
          />
        )}
      </div>
      {searching && <SearchPanel channel={channel} onClose={() => setSearching(false)} />}
      {asked && (
        <Suspense fallback={null}>
          <NewChatDialog
            opened={props.compose}
            onClose={() =>
              void navigate(channel ? links.channel(tenant.slug, channel) : links.chat(tenant.slug))
            }
            onOpened={(id) => void navigate(links.channel(tenant.slug, id))}
          />
        </Suspense>
      )}
    </div>
  );
}
