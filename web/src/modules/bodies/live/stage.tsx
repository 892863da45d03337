import { Text } from '@mantine/core';
import { Note } from '#platform/design';
import { useTexts } from '#platform/languages';
import type { ItemVote, LiveSession } from './documents';
import { sessionTexts } from './texts';
import { VotePanel } from './vote-panel';
import { VoteResult } from './vote-result';

/** What everyone should see now: the open vote, else the item and the last result on it. */
export function Stage(props: { session: LiveSession }) {
  const t = useTexts(sessionTexts);
  const { session } = props;
  if (session.openVote) {
    return <VotePanel vote={session.openVote} mayVote={session.viewerCan.vote} />;
  }
  if (session.state === 'SCHEDULED') {
    return <Note>{session.viewerCan.preside ? t.notOpenYet : t.waiting}</Note>;
  }
  if (session.state === 'CLOSED') return <Note tone="good">{t.closedNote}</Note>;
  if (session.state === 'CANCELLED') return <Note tone="bad">{t.cancelledNote}</Note>;
  const item = session.agenda.find((candidate) => candidate.id === session.currentItem?.id);
  if (!item) return <Note>{t.noCurrentItem}</Note>;
  const last: ItemVote | undefined = item.votes.findLast((vote) => vote.result !== null);
  return (
    <section aria-label={t.currentItem} data-testid="current-item">
      <Text size="sm" c="dimmed">
        {t.currentItem}
      </Text>
      <Text fw={600} fz="lg">
        {item.position}. {item.title}
      </Text>
      {item.speaker && (
        <Text size="sm" c="dimmed">
          {t.speaker(item.speaker)}
        </Text>
      )}
      {last && (
        <div data-testid="vote-result">
          <VoteResult vote={last} />
        </div>
      )}
    </section>
  );
}
