import { CloseButton, Group, Text, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useQuery } from 'urql';
import { readFailure } from '#platform/client';
import { useTexts } from '#platform/languages';
import { useSessionFacts } from '#platform/session';
import { ColleaguesQuery } from '../documents';
import { chatTexts } from '../texts';
import { PersonAvatar } from './avatar';
import { useWording } from './use-wording';

export type Person = { id: string; name: string };

/** Chooses colleagues by a search of their names; those in `there` are shown, and cannot be chosen. */
export function PeoplePicker(props: {
  people: readonly Person[];
  hint: string;
  there?: ReadonlySet<string>;
  between?: React.ReactNode;
  onChange: (people: readonly Person[]) => void;
  onSearch?: (search: string) => void;
}) {
  const t = useTexts(chatTexts);
  const { people } = props;
  return (
    <>
      {people.length > 0 && (
        <Group gap={8} role="group" aria-label={t.chosen}>
          {people.map((person) => (
            <span key={person.id} className="chat-chip">
              {person.name}
              <CloseButton
                size="sm"
                aria-label={t.removePerson(person.name)}
                onClick={() => props.onChange(people.filter((one) => one.id !== person.id))}
              />
            </span>
          ))}
        </Group>
      )}
      {props.between}
      <Finder
        hint={props.hint}
        taken={people.map((person) => person.id)}
        there={props.there}
        onSearch={props.onSearch}
        onPick={(person) => props.onChange([...people, person])}
      />
    </>
  );
}

function Finder(props: {
  hint: string;
  taken: readonly string[];
  there?: ReadonlySet<string>;
  onPick: (person: Person) => void;
  onSearch?: (search: string) => void;
}) {
  const t = useTexts(chatTexts);
  const failureText = useWording();
  const viewer = useSessionFacts()?.viewer?.account.id;
  const [typed, setTyped] = useState('');
  const [search, setSearch] = useState('');
  const { onSearch } = props;
  useEffect(() => {
    const timer = setTimeout(() => {
      setSearch(typed.trim());
      onSearch?.(typed.trim());
    }, 200);
    return () => clearTimeout(timer);
  }, [typed, onSearch]);
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
        description={props.hint}
        value={typed}
        data-autofocus
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {error && (
        <Text c="red" size="sm" mt={8} role="alert">
          {failureText(readFailure(error))}
        </Text>
      )}
      <div className="chat-colleagues" aria-busy={fetching}>
        {found?.map((person) =>
          props.there?.has(person.id) ? (
            <div key={person.id} className="dropdown-item chat-there">
              <PersonAvatar id={person.id} name={person.name} small />
              <span className="truncate">{person.name}</span>
              <span className="chat-dim">{t.alreadyThere}</span>
            </div>
          ) : (
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
          ),
        )}
        {found?.length === 0 && (
          <Text c="dimmed" size="sm" p="sm" role="status">
            {t.noColleagues}
          </Text>
        )}
      </div>
    </div>
  );
}
