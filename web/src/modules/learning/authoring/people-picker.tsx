import { Button, Checkbox, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Search, X } from 'lucide-react';
import { useState } from 'react';
import { useQuery } from 'urql';
import { readFailure } from '#platform/client';
import { FailureState, ListSkeleton } from '#platform/design';
import { useTexts } from '#platform/languages';
import { type LearnerRow, LearnersQuery } from './documents';
import { authoringTexts } from './texts';

const SHOWN = 20;

/** People of the organization by name, to tick. */
export function PeoplePicker(props: {
  chosen: readonly LearnerRow[];
  onChange: (people: readonly LearnerRow[]) => void;
}) {
  const t = useTexts(authoringTexts);
  const [search, setSearch] = useState('');
  const [settled] = useDebouncedValue(search.trim(), 250);
  const [{ data, error, fetching }, retry] = useQuery({
    query: LearnersQuery,
    variables: { search: settled || null, first: SHOWN },
  });
  const found = data?.learners.nodes ?? [];
  const { chosen, onChange } = props;
  const has = (id: string) => chosen.some((person) => person.id === id);

  return (
    <div>
      <TextInput
        label={t.people}
        type="search"
        placeholder={t.peoplePlaceholder}
        data-autofocus
        leftSection={<Search size={17} aria-hidden />}
        mb="sm"
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {error && <FailureState failure={readFailure(error)} onRetry={() => retry()} />}
      {!data && fetching && <ListSkeleton rows={3} />}
      {data && found.length === 0 && <Text c="dimmed">{t.peopleNobody}</Text>}
      {found.length > 0 && (
        <div className="enrol-people">
          {found.map((person) => (
            <label key={person.id} htmlFor={`enrol-${person.id}`} className="enrol-person">
              <Checkbox
                id={`enrol-${person.id}`}
                checked={has(person.id)}
                onChange={() =>
                  onChange(
                    has(person.id)
                      ? chosen.filter((one) => one.id !== person.id)
                      : [...chosen, person],
                  )
                }
              />
              <span>
                <Text size="sm" fw={500}>
                  {person.fullName}
                </Text>
                {person.unit && (
                  <Text size="xs" c="dimmed">
                    {person.unit}
                  </Text>
                )}
              </span>
            </label>
          ))}
        </div>
      )}
      {found.length === SHOWN && (
        <Text size="xs" c="dimmed" mt={4}>
          {t.peopleMore}
        </Text>
      )}
      {chosen.length > 0 && (
        <div style={{ marginTop: 12 }}>
          <Text size="sm" fw={500} mb={6} role="status">
            {t.chosen(chosen.length)}
          </Text>
          <div className="enrol-chips">
            {chosen.map((person) => (
              <Button
                key={person.id}
                size="compact-sm"
                variant="light"
                rightSection={<X size={13} aria-hidden />}
                aria-label={t.unchoose(person.fullName)}
                onClick={() => onChange(chosen.filter((one) => one.id !== person.id))}
              >
                {person.fullName}
              </Button>
            ))}
          </div>
        </div>
      )}
    </div>
  );
}
