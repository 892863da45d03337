import { useCallback, useState } from 'react';
import { useClient, useQuery } from 'urql';
import { readFailure } from '#platform/client';
import { Note, toast } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import { InviteToGroup, type OpenChannel, ParticipantsQuery } from '../documents';
import { chatTexts } from '../texts';
import { PeoplePicker, type Person } from './people-picker';
import { useWording } from './use-wording';

/** Asks more colleagues into a group; those who are in already are told apart. */
export default function InviteDialog(props: {
  channel: OpenChannel;
  onClose: () => void;
  onInvited: (participantCount: number) => void;
}) {
  const t = useTexts(chatTexts);
  const failureText = useWording();
  const client = useClient();
  const [people, setPeople] = useState<readonly Person[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [search, setSearch] = useState('');
  // The same words are asked of those who take part: whoever is found in both is there already.
  const [{ data }] = useQuery({
    query: ParticipantsQuery,
    variables: { channel: props.channel.id, search: search || null, first: 100, after: null },
    requestPolicy: 'cache-and-network',
  });
  const there = new Set(data?.channel?.participants.nodes.map((node) => node.person.id));

  async function submit() {
    if (people.length === 0) return setProblem(t.chooseSomebody);
    setBusy(true);
    const answer = await client
      .mutation(InviteToGroup, {
        channel: props.channel.id,
        accounts: people.map((person) => person.id),
      })
      .toPromise();
    setBusy(false);
    if (answer.error) return setProblem(failureText(readFailure(answer.error)));
    if (!answer.data) return;
    toast.good(t.invited(people.length));
    props.onInvited(answer.data.inviteToGroup.participantCount);
    props.onClose();
  }

  return (
    <FormDialog
      opened
      title={t.inviteTitle}
      submit={t.invite}
      busy={busy}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      {problem && <Note tone="bad">{problem}</Note>}
      <PeoplePicker
        people={people}
        hint={t.inviteHint}
        there={there}
        onSearch={useCallback((words: string) => setSearch(words), [])}
        onChange={(chosen) => {
          setProblem(null);
          setPeople(chosen);
        }}
      />
    </FormDialog>
  );
}
