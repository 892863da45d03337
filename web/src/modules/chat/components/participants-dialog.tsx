import { Button, Modal } from '@mantine/core';
import { UserPlus } from 'lucide-react';
import { useClient } from 'urql';
import { usePaged } from '#platform/client';
import { FailureState, ListSkeleton } from '#platform/design';
import { useTexts } from '#platform/languages';
import { ParticipantsQuery } from '../documents';
import { chatTexts } from '../texts';
import { PersonAvatar } from './avatar';

/** Who takes part in a channel, by name. */
export function ParticipantsDialog(props: {
  channel: string;
  onClose: () => void;
  onInvite: (() => void) | null;
}) {
  const t = useTexts(chatTexts);
  const client = useClient();
  const { channel } = props;
  const people = usePaged(channel, async (after) => {
    const variables = { channel, search: null, first: 50, after };
    const answer = await client
      .query(ParticipantsQuery, variables, { requestPolicy: 'network-only' })
      .toPromise();
    return { page: answer.data?.channel?.participants, error: answer.error };
  });
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t.participantsTitle}
      closeButtonProps={{ 'aria-label': t.close }}
    >
      {props.onInvite && (
        <Button
          variant="default"
          fullWidth
          mb="sm"
          leftSection={<UserPlus size={17} aria-hidden />}
          onClick={props.onInvite}
        >
          {t.inviteTitle}
        </Button>
      )}
      {people.failure && <FailureState failure={people.failure} onRetry={people.reload} />}
      {people.loading && <ListSkeleton rows={6} />}
      <ul className="chat-people">
        {people.rows.map(({ person }) => (
          <li key={person.id}>
            <PersonAvatar id={person.id} name={person.name} small />
            {person.name}
          </li>
        ))}
      </ul>
      {people.hasMore && (
        <Button variant="subtle" fullWidth onClick={people.loadMore}>
          {t.showMore}
        </Button>
      )}
    </Modal>
  );
}
