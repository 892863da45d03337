import { useQuery, useSubscription } from 'urql';
import { useTexts } from '#platform/languages';
import { UnreadPushes, UnreadQuery } from '../documents';
import { chatNavTexts } from '../texts.nav';

/** How many chats have something unread, live, in the navigation. */
export default function UnreadBadge() {
  const t = useTexts(chatNavTexts);
  const [{ data }] = useQuery({ query: UnreadQuery });
  const [pushes] = useSubscription({ query: UnreadPushes });
  const unread = pushes.data?.channelList.unreadChannels ?? data?.unreadChannels ?? 0;
  if (unread === 0) return null;
  return (
    <span className="shell-count tabular">
      <span aria-hidden>{unread > 99 ? '99+' : unread}</span>
      <span className="visually-hidden">{t.unreadChats(unread)}</span>
    </span>
  );
}
