import { CloseButton, Group, Text, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useClient, useQuery } from 'urql';
import { readFailure } from '#platform/client';
import { Note } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import { useSessionFacts } from '#platform/session';
import { ColleaguesQuery, CreateGroup, OpenDirect } from '../documents';
import { chatTexts } from '../texts';
import { PersonAvatar } from './avatar';
import { useWording } from './use-wording';

type Person = { id: string; name: string };

/** Finds colleagues: one for direct messages, several for a group. */
export function NewChatDialog(props: {
  opened: boolean;
  onClose: () => void;
  onOpened: (channel: string) => void;
}) {
  const t = useTexts(chatTexts);
  const failureText = useWording();
  const client = useClient();
  const [people, setPeople] = useState<readonly Person[]>([]);
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const group = people.length > 1;

  useEffect(() => {
    if (!props.opened) return;
    setPeople([]);
    setName('');
    setProblem(null);
  }, [props.opened]);

  async function submit() {
    const [first] = people;
    if (!first) return setProblem(t.chooseSomebody);
    if (group && !name.trim()) return setProblem(t.groupNameMissing);
    setBusy(true);
    const accounts = people.map((person) => person.id);
    const answer = group
      ? await client.mutation(CreateGroup, { name, accounts }).toPromise()
      : await client.mutation(OpenDirect, { account: first.id }).toPromise();
    setBusy(false);
    if (answer.error) return setProblem(failureText(readFailure(answer.error)));
    const data = answer.data;
    if (!data) return;
    props.onOpened('createGroup' in data ? data.createGroup.id : data.openDirect.id);
  }

  return (
    <FormDialog
      opened={props.opened}
      title={t.newChatTitle}
      submit={group ? t.createGroup : t.openDirect}
      busy={busy}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      {problem && <Note tone="bad">{problem}</Note>}
      {people.length > 0 && (
        <Group gap={8} role="group" aria-label={t.chosen}>
          {people.map((person) => (
            <span key={person.id} className="chat-chip">
              {person.name}
              <CloseButton
                size="sm"
                aria-label={t.removePerson(person.name)}
                onClick={() => setPeople(people.filter((one) => one.id !== person.id))}
              />
            </span>
          ))}
        </Group>
      )}
      {group && (
        <TextInput
          label={t.groupName}
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      )}
      <Finder
        taken={people.map((person) => person.id)}
        onPick={(person) => {
          setProblem(null);
          setPeople([...people, person]);
        }}
      />
    </FormDialog>
  );
}

function Finder(props: { taken: readonly string[]; onPick: (person: Person) => void }) {
  const t = useTexts(chatTexts);
  const failureText = useWording();
  const viewer = useSessionFacts()?.viewer?.account.id;
  const [typed, setTyped] = useState('');
  const [search, setSearch] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSearch(typed.trim()), 200);
    return () => clearTimeout(timer);
  }, [typed]);
  const [{ data, error, fetching }] = useQuery({
    query: ColleaguesQuery,
    variables: { search: search || null },
  });
  const found = data?.colleagues.nodes.filter(
    (person) => person.id !== viewer && !props.taken.includes(person.id),
  );
  return (
    <div>
      <TextInput
        label={t.findColleague}
        description={t.findColleagueHint}
        value={typed}
        data-autofocus
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {error && (
        <Text c="red" size="sm" mt={8}>
          {failureText(readFailure(error))}
        </Text>
      )}
      <div className="chat-colleagues" aria-busy={fetching}>
        {found?.map((person) => (
          <button
            key={person.id}
            type="button"
            className="dropdown-item"
            onClick={() => {
              props.onPick(person);
              setTyped('');
            }}
          >
            <PersonAvatar id={person.id} name={person.name} small />
            {person.name}
          </button>
        ))}
        {found?.length === 0 && (
          <Text c="dimmed" size="sm" p="sm" role="status">
            {t.noColleagues}
          </Text>
        )}
      </div>
    </div>
  );
}
